//! Is the node image on this machine?

use std::path::Path;
use std::sync::Mutex;
use std::time::Duration;

use api::Fault;
use api::jobs::{Part, PartState, Tone, Words};
use api::local::ImageIs;
use jobs::ActContext;
use tokio_util::sync::CancellationToken;
use tools::Program;

use crate::World;
use crate::diagnose::{Doing, Said, diagnose};
use crate::management::{Order, Step};
use crate::node_images::look;
use crate::programs::pull::Pull;
use crate::programs::{docker, engine};
use crate::run::{Long, Voice, ask, long};

/// 412 MB at 1 Mbit/s take an hour; slower than that nobody wants to wait.
const LIMIT: Duration = Duration::from_secs(3_600);

pub(in crate::management) async fn done(world: &World, order: &Order) -> Result<Option<Words>, Fault> {
    let here = is_here(world, &order.image).await.map_err(|said| diagnose(Doing::Pull, &said, &order.about()))?;
    Ok(here.then(|| Words::default().mono(short(&order.image)).then(" was already here")))
}

async fn is_here(world: &World, image: &str) -> Result<bool, Vec<Said>> {
    Ok(look(world, image).await?.here())
}

pub(in crate::management) async fn run(world: &World, order: &Order, cx: &mut ActContext<Step>) -> Result<(), Fault> {
    crate::management::steps::create::prepare_folder(order)?;
    let stop = cx.cancelled();
    if let Some(socket) = socket(world).await {
        let command = cx.command_started(format!("docker pull {}", order.image));
        let mut progress = |pull: &Pull| show(cx, order, pull);
        let pulled = engine::pull(Path::new(&socket), &order.image, &mut progress, stop.clone()).await;
        match pulled {
            Ok(()) => {
                cx.command_ended(command, "exit 0");
                return seen(world, order, cx).await;
            }
            Err(error) => {
                cx.command_ended(command, "exit 1");
                cx.output(Tone::Ours, &format!("Docker's API did not pull the image: {}. The docker program is asked, it has your login.", words(&error)));
            }
        }
    }
    let attempt = cx.attempt();
    let output = order.folder.join(format!("docker-pull-{attempt}.log"));
    let run = Long { program: Program::Docker, args: docker::pull(&order.image), env: vec![], output, limit: LIMIT };
    let pull = Mutex::new(Pull::default());
    let mut each = |cx: &mut ActContext<Step>, line: &str| {
        if let Ok(mut pull) = pull.lock() {
            pull.hear_line(line);
            show(cx, order, &pull);
        }
    };
    let ended = long(world.programs.as_ref(), run, &Voice::new(cx), &mut each, &stop).await?;
    match is_here(world, &order.image).await {
        Ok(true) => seen(world, order, cx).await,
        Ok(false) => Err(diagnose(Doing::Pull, &ended.lines.said("docker"), &order.about())),
        Err(said) => Err(diagnose(Doing::Pull, &said, &order.about())),
    }
}

async fn socket(world: &World) -> Option<String> {
    let exit = ask(world.programs.as_ref(), Program::Docker, docker::endpoint(), CancellationToken::new()).await.ok()?;
    docker::local_socket(&String::from_utf8_lossy(&exit.out)).filter(|_| exit.succeeded())
}

fn show(cx: &mut ActContext<Step>, order: &Order, pull: &Pull) {
    let progress = pull.progress();
    cx.share(progress.thousandths);
    let state = if progress.thousandths == 1_000 { PartState::Ready } else { PartState::Working };
    cx.parts(vec![Part { name: short(&order.image).to_owned(), state, detail: String::new(), count: progress.words() }]);
}

async fn seen(world: &World, order: &Order, cx: &mut ActContext<Step>) -> Result<(), Fault> {
    match look(world, &order.image).await {
        Ok(ImageIs::Here { bytes }) => {
            cx.share(1_000);
            let name = Words::default().mono(short(&order.image));
            cx.step_detail(match bytes {
                Some(bytes) => name.then(format!(", {} on disk", size(bytes))),
                None => name,
            });
            Ok(())
        }
        Ok(ImageIs::ToBePulled { .. }) => Err(diagnose(Doing::Pull, &[Said::new("docker", "The pull ended well, but the image is not here.")], &order.about())),
        Err(said) => Err(diagnose(Doing::Pull, &said, &order.about())),
    }
}

/// `412 MB`, `1.1 GB`.
fn size(bytes: u64) -> String {
    const GIGABYTE: u64 = 1_000_000_000;
    if bytes < GIGABYTE {
        return format!("{} MB", bytes / 1_000_000);
    }
    let tenths = bytes.saturating_add(GIGABYTE / 20) / (GIGABYTE / 10);
    if tenths.is_multiple_of(10) { format!("{} GB", tenths / 10) } else { format!("{}.{} GB", tenths / 10, tenths % 10) }
}

fn words(error: &engine::EngineError) -> String {
    match error {
        engine::EngineError::Refused { said, .. } | engine::EngineError::NotPulled { said } => said.clone(),
        other @ (engine::EngineError::NotConnected(_) | engine::EngineError::Broken(_) | engine::EngineError::NotWritten(_) | engine::EngineError::Stopped) => {
            other.to_string()
        }
    }
}

/// The image without its digest.
pub(in crate::management) fn short(image: &str) -> &str {
    image.split_once('@').map_or(image, |(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::size;

    #[test]
    fn the_size_of_an_image_is_said_in_its_unit() {
        for (bytes, words) in
            [(412_345_678, "412 MB"), (999_999_999, "999 MB"), (1_000_000_000, "1 GB"), (1_084_000_000, "1.1 GB"), (u64::MAX, "18446744073.7 GB")]
        {
            assert_eq!(size(bytes), words);
        }
    }
}
