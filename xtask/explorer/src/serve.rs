//! The program that plays scenes for another one: a request is its argument, and the answer is on its stdout.

mod watch;

use std::collections::BTreeMap;
use std::env;
use std::io::{self, Write};
use std::process::ExitCode;
use std::rc::Rc;

use crate::report::{Mode, Request};
use crate::{explore, explore_after, replay};

/// The sizes of a scene, by their names.
#[derive(Debug, Clone, Default)]
pub struct Sizes(BTreeMap<String, i64>);

impl Sizes {
    /// The size of this name.
    ///
    /// # Panics
    ///
    /// If the request has no such size, or one that the type cannot hold.
    #[must_use]
    pub fn get<T: TryFrom<i64>>(&self, name: &str) -> T {
        let size = self.0.get(name).and_then(|size| T::try_from(*size).ok());
        size.unwrap_or_else(|| panic!("the request has no usable size `{name}`"))
    }
}

/// A scene that can be played: its name, and what it calls.
pub type Scene = (&'static str, fn(&Sizes) -> Result<(), String>);

/// Answers the request in the first argument, which is JSON, and prints the answer as JSON.
#[must_use]
pub fn serve(scenes: &[Scene]) -> ExitCode {
    match answer(scenes) {
        Ok(answer) => match writeln!(io::stdout(), "{answer}") {
            Ok(()) => ExitCode::SUCCESS,
            Err(_) => ExitCode::FAILURE,
        },
        Err(error) => {
            _ = writeln!(io::stderr(), "{error}");
            ExitCode::from(2)
        }
    }
}

fn answer(scenes: &[Scene]) -> io::Result<String> {
    let request = env::args().nth(1).unwrap_or_default();
    let Request { scene, sizes, memory, mode } = serde_json::from_str(&request)?;
    let (_, main) = scenes.iter().find(|(name, _)| *name == scene).ok_or_else(|| {
        io::Error::new(io::ErrorKind::NotFound, format!("there is no scene {scene}"))
    })?;
    let (main, sizes) = (*main, Rc::new(Sizes(sizes)));
    let program = move || main(&sizes);
    watch::watch();
    let answer = match mode {
        Mode::Explore(limits) => serde_json::to_string(&explore(program, memory, limits)?)?,
        Mode::ExploreAfter(choices, limits) => {
            serde_json::to_string(&explore_after(program, memory, &choices, limits)?)?
        }
        Mode::Replay(choices) => serde_json::to_string(&replay(program, memory, &choices)?)?,
    };
    Ok(answer)
}
