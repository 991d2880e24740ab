use super::Pull;

fn heard(lines: &[&str]) -> Pull {
    let mut pull = Pull::default();
    lines.iter().for_each(|line| pull.hear_json(line));
    pull
}

#[test]
fn bytes_of_all_layers_are_added_up() {
    let pull = heard(&[
        r#"{"status":"Pulling from kindest/node","id":"v1.36.4"}"#,
        r#"{"status":"Pulling fs layer","progressDetail":{},"id":"a"}"#,
        r#"{"status":"Pulling fs layer","progressDetail":{},"id":"b"}"#,
        r#"{"status":"Downloading","progressDetail":{"current":100000000,"total":400000000},"progress":"[=>  ]","id":"a"}"#,
        r#"{"status":"Downloading","progressDetail":{"current":6000000,"total":12000000},"id":"b"}"#,
        r#"{"status":"Download complete","progressDetail":{},"id":"b"}"#,
    ]);
    let progress = pull.progress();
    assert_eq!(progress.words(), "112 of 412 MB");
    assert_eq!(progress.thousandths, 217, "100 of 400 at 800 thousandths and 12 at 800, over 412");
}

#[test]
fn a_pull_ends_at_a_thousand() {
    let pull = heard(&[
        r#"{"status":"Downloading","progressDetail":{"current":1,"total":5000000},"id":"a"}"#,
        r#"{"status":"Already exists","progressDetail":{},"id":"b"}"#,
        r#"{"status":"Extracting","progressDetail":{"current":1,"units":"s"},"id":"a"}"#,
        r#"{"status":"Pull complete","progressDetail":{},"id":"a"}"#,
        r#"{"status":"Digest: sha256:099e"}"#,
    ]);
    assert_eq!((pull.progress().thousandths, pull.progress().layers_done), (1_000, 2));
}

#[test]
fn a_layer_that_starts_again_goes_back() {
    let pull = heard(&[
        r#"{"status":"Downloading","progressDetail":{"current":4000000,"total":5000000},"id":"a"}"#,
        r#"{"status":"Downloading","progressDetail":{"current":1000000,"total":5000000},"id":"a"}"#,
    ]);
    assert_eq!(pull.progress().words(), "1 of 5 MB");
}

#[test]
fn the_daemon_gives_up_in_its_own_words() {
    let pull = heard(&[r#"{"errorDetail":{"message":"toomanyrequests: limit"},"error":"toomanyrequests: limit"}"#]);
    assert_eq!(pull.error.as_deref(), Some("toomanyrequests: limit"));
}

#[test]
fn lines_without_bytes_count_layers() {
    let mut pull = Pull::default();
    for line in
        ["v1.36.4: Pulling from kindest/node", "a1: Pulling fs layer", "b2: Pulling fs layer", "a1: Pull complete", "Status: Downloaded newer image for x"]
    {
        pull.hear_line(line);
    }
    assert_eq!(pull.progress().words(), "1 of 2 layers");
    assert_eq!(pull.progress().thousandths, 500);
}

#[test]
fn rubbish_and_absurd_numbers_do_no_harm() {
    let most = u64::MAX;
    let absurd = format!(r#"{{"status":"Downloading","progressDetail":{{"current":{most},"total":{most}}},"id":"a"}}"#);
    let mut pull = heard(&["", "{", "[]", "null", "7", &absurd, &absurd.replace("\"a\"", "\"b\"")]);
    assert!(pull.progress().thousandths <= 1_000);
    for n in 0..10_000 {
        pull.hear_line(&format!("l{n}: Waiting"));
    }
    assert_eq!(pull.progress().layers, 512);
}
