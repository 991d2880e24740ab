use api::Timestamp;
use download::Whole;
use jobs::{Certainty, Transcript, What};
use tools::{Environment, Machine, Places};

use super::*;

const KIND: Fetch = Fetch(Tool::Kind);

/// Who stands behind the address of a release.
#[derive(Debug)]
enum Behind {
    File(PathBuf),
    /// Another job, which brings it meanwhile.
    Another(PathBuf),
    Heard(Progress),
    Nobody,
}

#[async_trait]
impl Web for Behind {
    async fn release(&self, pinned: &Pinned, _: &Route, heard: &mut (dyn FnMut(Progress) + Send)) -> Result<Fetched, Fault> {
        match self {
            Self::File(file) => self.copy(file, &pinned.target).await.map(Fetched::Whole),
            Self::Another(file) => {
                std::fs::copy(file, &pinned.target).unwrap();
                Ok(Fetched::IsHere)
            }
            Self::Heard(progress) => {
                heard(*progress);
                Ok(Fetched::IsHere)
            }
            Self::Nobody => std::future::pending().await,
        }
    }

    async fn copy(&self, file: &Path, target: &Path) -> Result<Whole, Fault> {
        download::from_file(file, target).await.map_err(|why| Fault::from(&why))
    }

    async fn small(&self, _: &Address, _: &Route, _: usize) -> Result<Vec<u8>, Fault> {
        Ok(vec![])
    }
}

struct Desk {
    _folder: tempfile::TempDir,
    target: PathBuf,
    fetching: Fetching,
}

impl Desk {
    fn before(behind: impl FnOnce(PathBuf) -> Behind) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let release = folder.path().join("release");
        std::fs::write(&release, "the release").unwrap();
        let home = Home::below(folder.path());
        std::fs::create_dir_all(&home.programs).unwrap();
        let programs = Arc::new(Machine::new(Places::default(), Environment::new()));
        let fetching = Fetching::new(programs, Arc::new(behind(release)), Arc::new(Settings::open(&home.config)), &home);
        Self { _folder: folder, target: home.programs.join("kind"), fetching }
    }

    fn put(&self, program: Option<&str>) {
        if let Some(text) = program {
            std::fs::write(&self.target, text).unwrap();
        }
    }

    fn stands(&self) -> Option<String> {
        std::fs::read_to_string(&self.target).ok()
    }
}

#[tokio::test]
async fn an_undo_of_a_fetch_takes_away_what_the_job_put_there_and_nothing_else() {
    for (before, since, left) in [(None, None, None), (None, Some("of the user"), Some("of the user")), (Some("the old one"), None, Some("the release"))] {
        let desk = Desk::before(Behind::File);
        desk.put(before);
        let mut cx = Transcript::new().context(&[Step::Fetch], CancellationToken::new());
        desk.fetching.run(&KIND, &mut cx).await.unwrap();
        assert_eq!(desk.stands().as_deref(), Some("the release"));
        desk.put(since);
        for time in ["once", "again, as after a crash"] {
            desk.fetching.undo(&KIND, &mut cx).await.unwrap();
            assert_eq!(desk.stands().as_deref(), left, "{before:?}, {since:?}: {time}");
        }
    }
}

#[tokio::test]
async fn a_program_that_another_job_brought_meanwhile_is_not_undone_with_this_one() {
    let desk = Desk::before(Behind::Another);
    let mut cx = Transcript::new().context(&[Step::Fetch], CancellationToken::new());
    desk.fetching.run(&KIND, &mut cx).await.unwrap();
    desk.fetching.undo(&KIND, &mut cx).await.unwrap();
    assert_eq!(desk.stands().as_deref(), Some("the release"));
}

#[tokio::test]
async fn a_fetch_that_is_cancelled_leaves_the_program_of_before_and_no_part() {
    for before in [None, Some("the old one")] {
        let desk = Desk::before(|_| Behind::Nobody);
        desk.put(before);
        let part = download::part_of(&desk.target);
        std::fs::write(&part, "half of it").unwrap();
        let stop = CancellationToken::new();
        stop.cancel();
        let mut cx = Transcript::new().context(&[Step::Fetch], stop);
        desk.fetching.run(&KIND, &mut cx).await.unwrap();
        // Another fetch may end meanwhile.
        let since = before.or(Some("of another job"));
        desk.put(since);
        desk.fetching.undo(&KIND, &mut cx).await.unwrap();
        assert_eq!(desk.stands().as_deref(), since);
        assert!(!part.exists());
    }
}

#[tokio::test]
async fn a_look_at_a_fetch_that_was_cut_off_takes_no_other_program_for_the_one_that_is_fetched() {
    for (before, found) in [(None, "not there"), (Some("the old one"), "another one is there")] {
        let desk = Desk::before(|_| Behind::Nobody);
        desk.put(before);
        let left = Left { done: vec![], stopped_in: Some(KIND), ahead: vec![], noted: vec![], processes: vec![] };
        let findings = desk.fetching.look(&left).await;
        assert_eq!(findings.iter().map(|one| (one.state, one.found.as_str())).collect::<Vec<_>>(), [(PartState::Waiting, found)]);
    }
}

#[tokio::test]
async fn bytes_of_which_nobody_told_the_sum_are_counted_and_are_no_share_of_the_step() {
    for (total, share, count) in [(None, None, "12 MB"), (Some(48_000_000), Some(250), "12 of 48 MB")] {
        let desk = Desk::before(|_| Behind::Heard(Progress { received: 12_000_000, total }));
        let said = Transcript::new();
        desk.fetching.run(&KIND, &mut said.context(&[Step::Fetch], CancellationToken::new())).await.unwrap();
        let events = said.events();
        let shares = events.iter().filter_map(|what| if let What::StepShare { thousandths, .. } = what { Some(*thousandths) } else { None });
        let parts = events.iter().filter_map(|what| if let What::StepParts { parts, .. } = what { Some(parts) } else { None }).flatten();
        assert_eq!(shares.collect::<Vec<_>>(), Vec::from_iter(share));
        assert_eq!(parts.map(|part| part.count.as_str()).collect::<Vec<_>>(), [count]);
    }
}

#[tokio::test]
async fn a_note_that_does_not_say_what_was_there_before_takes_nothing_away() {
    let desk = Desk::before(|_| Behind::Nobody);
    desk.put(Some("the old one"));
    let thing = Thing::new("Program", desk.target.display().to_string());
    let noted = Noted { id: 1, act: 0, step: 0, thing, at: Timestamp::default(), certainty: Certainty::Intended };
    let mut cx = Transcript::new().context_after(&[Step::Fetch], vec![noted], vec![], CancellationToken::new());
    desk.fetching.undo(&KIND, &mut cx).await.unwrap();
    assert_eq!(desk.stands().as_deref(), Some("the old one"));
}
