//! How do scripts and tests use the core without a window?
//!
//! JSON lines on stdin and stdout over the very contract that the window uses; with `--serve DIR` the same contract
//! over loopback HTTP with a one-time token, for work on the page; `create-all` is the whole way as one command.
//! Start at: [`main`].

mod arguments;
mod create;
mod lines;
mod serve;

use std::process::ExitCode;

use anyhow::{Context, Result};
use engine::{Engine, Home};

use arguments::{Arguments, Way};

/// The exit code of a command line that cannot be followed, as shells use it.
const MISUSED: u8 = 2;

fn main() -> Result<ExitCode> {
    match Arguments::read(std::env::args_os().skip(1).map(|word| word.to_string_lossy().into_owned())) {
        Ok(Arguments { way: Way::Help, .. }) => {
            println!("{}", arguments::HELP);
            Ok(ExitCode::SUCCESS)
        }
        Ok(arguments) => run(arguments),
        Err(why) => {
            eprintln!("headless: {why}");
            Ok(ExitCode::from(MISUSED))
        }
    }
}

fn run(arguments: Arguments) -> Result<ExitCode> {
    let home = match &arguments.home {
        Some(folder) => Home::below(folder),
        None => Home::of_the_user().context("this user has no home folder; give one with --home DIR")?,
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let ended = runtime.block_on(async move {
        let engine = Engine::start(home, arguments.stage).await.map_err(|fault| anyhow::anyhow!("{fault}"))?;
        let ended = match arguments.way {
            Way::Lines => lines::talk(&engine, tokio::io::stdin(), tokio::io::stdout()).await.map(|()| ExitCode::SUCCESS),
            Way::Serve { folder, port } => serve::serve(engine.clone(), &folder, port).await.map(|()| ExitCode::SUCCESS),
            Way::CreateAll { spec, go } => create::all(&engine, spec.as_deref(), go).await,
            Way::Help => Ok(ExitCode::SUCCESS),
        };
        engine.close().await;
        ended
    });
    // Reading stdin blocks a thread that no runtime can end.
    runtime.shutdown_background();
    ended
}
