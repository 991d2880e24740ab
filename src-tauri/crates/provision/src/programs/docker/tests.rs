use api::Timestamp;
use api::local::ContainerState;

use super::{Network, NodeRole, Usage, containers, inspected, list, local_socket, networks, power, usage};

const PS: &str = r#"{"Command":"\"/usr/local/bin/entrypoint /sbin/init\"","CreatedAt":"2026-11-23 13:04:30 +0000 UTC","ID":"aa11","Image":"kindest/node:v1.36.4","Labels":"io.x-k8s.kind.cluster=mgmt,io.x-k8s.kind.role=control-plane","LocalVolumes":"1","Mounts":"5d0…","Names":"mgmt-control-plane","Networks":"kind","Ports":"127.0.0.1:43267->6443/tcp","RunningFor":"3 minutes ago","Size":"0B","State":"running","Status":"Up 3 minutes"}
not JSON at all
{"CreatedAt":"2026-11-23 14:04:30 +0100 CET","ID":"bb22","Image":"kindest/haproxy:v20230606-42a2262b","Labels":"io.x-k8s.kind.cluster=w1,io.x-k8s.kind.role=external-load-balancer","Names":"w1-lb","State":"exited","Status":"Exited (137) 2 minutes ago"}
{"CreatedAt":"soon","ID":"cc33","Image":"x","Labels":"io.x-k8s.kind.role=worker,io.x-k8s.kind.cluster=w1","Names":"w1-md-0-x","State":"running","Status":"Up 1 second (Paused)"}
{"ID":"dd44","Image":"x","Labels":"other=label","Names":"not-ours"}
"#;

#[test]
fn containers_are_read_and_an_odd_line_hides_no_other() {
    let read = containers(PS);
    let short: Vec<_> = read.iter().map(|c| (c.name.as_str(), c.cluster.as_str(), c.role.clone(), c.state.clone())).collect();
    assert_eq!(
        short,
        [
            ("mgmt-control-plane", "mgmt", NodeRole::ControlPlane, ContainerState::Running),
            ("w1-lb", "w1", NodeRole::LoadBalancer, ContainerState::Exited { code: 137 }),
            ("w1-md-0-x", "w1", NodeRole::Worker, ContainerState::Paused),
        ]
    );
    assert_eq!(read[0].created, Some(Timestamp(1_795_439_070_000)));
    assert_eq!(read[1].created, read[0].created, "13:04:30 UTC is 14:04:30 one zone to the east");
    assert_eq!(read[2].created, None);
}

#[test]
fn a_label_or_an_image_hides_no_mark_in_what_is_shown() {
    let line =
        r#"{"ID":"ee55","Names":"x-control-plane","Image":"kindest/node:v1\u202e","Labels":"io.x-k8s.kind.cluster=k\u200bos,io.x-k8s.kind.role=\u001bworker"}"#;
    let read = containers(line);
    assert_eq!((read[0].cluster.as_str(), read[0].image.as_str(), read[0].role.label()), ("k\u{fffd}os", "kindest/node:v1\u{fffd}", "\u{fffd}worker"));
}

#[test]
fn an_inspection_tells_volumes_and_when_it_stopped() {
    let out = r#"[{"Id":"aa11","Created":"2026-11-23T13:04:30.123456789Z","State":{"Status":"exited","Running":false,"FinishedAt":"2026-11-23T14:00:00Z"},
        "Mounts":[{"Type":"volume","Name":"5d0c","Source":"/var/lib/docker/volumes/5d0c/_data"},{"Type":"bind","Source":"/var/run/docker.sock"}]},
        {"Id":"bb22","State":{"Running":true,"StartedAt":"2026-11-23T13:04:30Z","FinishedAt":"0001-01-01T00:00:00Z"}}, 7]"#;
    let read = inspected(out);
    assert_eq!(read.len(), 2);
    assert_eq!(read[0].volumes, ["5d0c"]);
    assert_eq!(read[0].host_paths, ["/var/run/docker.sock"]);
    assert_eq!(read[0].finished, Some(Timestamp(1_795_442_400_000)));
    assert_eq!(read[1].finished, None);
    assert_eq!((read[0].started, read[1].started), (None, Some(Timestamp(1_795_439_070_000))));
    assert_eq!(inspected("Error: No such object"), []);
}

#[test]
fn usage_is_in_thousandths_and_bytes() {
    let out = "{\"BlockIO\":\"0B / 0B\",\"CPUPerc\":\"112.35%\",\"ID\":\"aa11\",\"MemUsage\":\"512.5MiB / 7.6GiB\",\"Name\":\"mgmt-control-plane\"}\n\
               {\"CPUPerc\":\"--\",\"ID\":\"bb22\",\"MemUsage\":\"-- / --\"}\nrubbish";
    assert_eq!(usage(out), [("aa11".to_owned(), Usage { cpu_milli: 1_124, memory_bytes: 537_395_200 })]);
}

#[test]
fn only_a_socket_of_this_machine_counts_as_local() {
    assert_eq!(local_socket("\"unix:///var/run/docker.sock\"\n").as_deref(), Some("/var/run/docker.sock"));
    for other in ["\"tcp://10.0.0.1:2375\"", "\"ssh://u@h\"", "\"unix://relative\"", "", "null"] {
        assert_eq!(local_socket(other), None, "{other}");
    }
}

#[test]
fn every_list_that_something_is_done_with_is_narrowed_to_the_label_of_kind() {
    assert_eq!(list(Some("kos-mgmt")).last().unwrap(), "label=io.x-k8s.kind.cluster=kos-mgmt");
    assert_eq!(list(None).last().unwrap(), "label=io.x-k8s.kind.cluster");
    assert_eq!(power("stop", ["a", "b"]), ["stop", "a", "b"]);
}

#[test]
fn networks_are_read_with_their_ranges_and_those_without_are_left_out() {
    let out = concat!(
        r#"{"Name":"kind","Id":"1","EnableIPv6":true,"IPAM":{"Driver":"default","Options":{},"Config":[{"Subnet":"fc00:f853:ccd:e793::/64"},{"Subnet":"172.18.0.0/16","Gateway":"172.18.0.1"}]}}"#,
        "\n",
        r#"{"Name":"host","IPAM":{"Driver":"default","Options":null,"Config":null}}"#,
        "\nrubbish\n"
    );
    assert_eq!(networks(out), [Network { name: "kind".into(), ranges: vec!["fc00:f853:ccd:e793::/64".into(), "172.18.0.0/16".into()] }]);
}
