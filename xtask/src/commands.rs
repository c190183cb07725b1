//! The commands, each in the file or folder with its name.

mod audit;
mod bench;
mod bless;
mod check;
mod ci;
mod diff;
mod doctor;
mod list;
mod new;
mod orders;
mod outcomes;
mod plant;
mod play;
mod read;
mod replay;
mod restore;
mod run;
mod show;
mod tidy;
mod verify;

use crate::cli::Command;
use crate::exit::Result;

/// Runs the command.
pub(crate) fn run(command: &Command) -> Result {
    match command {
        Command::List(arguments) => list::list(arguments),
        Command::Read(arguments) => read::read(arguments),
        Command::Run(arguments) => run::run(arguments),
        Command::Check(arguments) => check::check(arguments),
        Command::Diff(arguments) => diff::diff(arguments),
        Command::Show(arguments) => show::show(arguments),
        Command::Play(arguments) => play::play(arguments),
        Command::Replay(arguments) => replay::replay(arguments),
        Command::Verify(arguments) => verify::verify(arguments),
        Command::Break(arguments) => plant::plant(arguments),
        Command::Restore(arguments) => restore::restore(arguments),
        Command::Bless(arguments) => bless::bless(arguments),
        Command::Audit(arguments) => audit::audit(arguments),
        Command::Outcomes(arguments) => outcomes::outcomes(arguments),
        Command::Orders(arguments) => orders::orders(arguments),
        Command::Bench(arguments) => bench::bench(arguments),
        Command::New(arguments) => new::new(arguments),
        Command::Tidy(arguments) => tidy::tidy(arguments),
        Command::Doctor => doctor::doctor(),
        Command::Ci => ci::ci(),
    }
}
