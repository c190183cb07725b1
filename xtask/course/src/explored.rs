//! Scenes of whose program every schedule is explored: which function that is, and which sizes it takes.

use std::collections::BTreeMap;
use std::path::PathBuf;

use crate::chapter::Chapter;
use crate::error::{Error, Result};
use crate::files::read;
use crate::scene::Scene;
use crate::text::excerpt::{calls, excerpt};

/// The program of a scene that is explored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Explored {
    /// The scene, as `CHAPTER/SCENE`.
    pub name: String,
    /// Its file, which the chapter lists as explored.
    pub file: PathBuf,
    /// The function to call.
    pub function: String,
    /// The names of the function's arguments, in order. Each is a size, and is called like an option of the scene.
    pub sizes: Vec<String>,
}

/// The sizes of a program, by the names of the function's arguments.
pub type Sizes = BTreeMap<String, i64>;

impl Explored {
    /// The program that the scene runs, if it is explored: the scene's own function, or the one that it calls.
    ///
    /// # Errors
    ///
    /// A file cannot be read, or has no such function.
    pub fn of(chapter: &Chapter, scene: &Scene) -> Result<Option<Self>> {
        let found = if chapter.explored.contains(&scene.file) {
            Some((scene.file.clone(), scene.function.clone()))
        } else {
            called(chapter, scene)?
        };
        let Some((file, function)) = found else { return Ok(None) };
        let sizes = arguments(&read(&file)?, &function).ok_or_else(|| {
            Error::wrong(format!("{} has no function `{function}`", file.display()))
        })?;
        Ok(Some(Self { name: format!("{}/{}", chapter.name, scene.name), file, function, sizes }))
    }

    /// Whether these words are sizes and nothing else: `--rounds 2`.
    ///
    /// # Errors
    ///
    /// They are something else.
    pub fn check(&self, options: &[String]) -> Result<()> {
        let names: Vec<String> = self.sizes.iter().map(|size| option(size)).collect();
        match options.chunks(2).find(|pair| pair.len() < 2 || !names.contains(&pair[0])) {
            None => Ok(()),
            Some(_) if names.is_empty() => {
                Err(Error::wrong(format!("{} has no sizes to choose", self.name)))
            }
            Some(pair) => Err(Error::wrong(format!(
                "`{}` is no size of {}: write {}",
                pair.join(" "),
                self.name,
                names.iter().map(|name| format!("{name} N")).collect::<Vec<_>>().join(" ")
            ))),
        }
    }

    /// The sizes on a command line such as `lesson-lock mutex --rounds 1`, with those that it lacks from `defaults`,
    /// the scene's options such as `--rounds 1000000`.
    ///
    /// # Errors
    ///
    /// A size is given nowhere, or is not a number.
    pub fn sizes(&self, defaults: &str, command: &[String]) -> Result<Sizes> {
        let defaults: Vec<String> = defaults.split_whitespace().map(str::to_owned).collect();
        let size = |name: &String| {
            let option = option(name);
            let given = |words: &[String]| {
                words.windows(2).rfind(|pair| pair[0] == option).map(|pair| pair[1].clone())
            };
            let value = given(command).or_else(|| given(&defaults)).ok_or_else(|| {
                Error::wrong(format!(
                    "{} has no option {option}, for the argument `{name}`",
                    self.name
                ))
            })?;
            let number = value
                .parse()
                .map_err(|_| Error::wrong(format!("{option} {value}: write a whole number")))?;
            Ok((name.clone(), number))
        };
        self.sizes.iter().map(size).collect()
    }

    /// The options that give these sizes, in the order of the function's arguments: `--rounds 2`.
    pub fn options(&self, sizes: &Sizes) -> Vec<String> {
        let size = |name: &String| Some(format!("{} {}", option(name), sizes.get(name)?));
        self.sizes.iter().filter_map(size).collect()
    }
}

/// The option that gives a size.
fn option(size: &str) -> String {
    format!("--{}", size.replace('_', "-"))
}

/// The explored function that the scene's function calls, as in `lost_update::two_threads(rounds)`.
fn called(chapter: &Chapter, scene: &Scene) -> Result<Option<(PathBuf, String)>> {
    if chapter.explored.is_empty() {
        return Ok(None);
    }
    let source = read(&scene.file)?;
    let scenes = chapter.scenes()?;
    let others: Vec<&str> = scenes.iter().map(|other| other.function.as_str()).collect();
    let code = excerpt(&source, &scene.function, &others).unwrap_or_default();
    let mut found = chapter
        .explored
        .iter()
        .filter_map(|file| Some((file.clone(), calls(&code, file).next()?.to_owned())));
    Ok(found.next())
}

/// The names of a function's arguments.
fn arguments(source: &str, function: &str) -> Option<Vec<String>> {
    let (_, rest) = source.split_once(&format!("fn {function}("))?;
    let (arguments, _) = rest.split_once(')')?;
    let names = arguments.split(',').filter_map(|argument| argument.split_once(':'));
    Some(names.map(|(name, _)| name.trim().to_owned()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_come_from_the_command_and_then_from_the_defaults() {
        let explored = Explored {
            name: "lock/mutex".to_owned(),
            file: PathBuf::new(),
            function: "two_threads".to_owned(),
            sizes: vec!["rounds".to_owned(), "how_many".to_owned()],
        };
        let words = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        let sizes = |defaults, command| explored.sizes(defaults, &words(command));
        let found = sizes("--rounds 9 --how-many 2", "lesson-lock mutex --rounds 1").unwrap();
        assert_eq!(found, [("how_many".to_owned(), 2), ("rounds".to_owned(), 1)].into());
        let error = sizes("--rounds 9", "lesson-lock mutex").unwrap_err().to_string();
        assert_eq!(error, "lock/mutex has no option --how-many, for the argument `how_many`");
        explored.check(&words("--rounds 1 --how-many 2")).unwrap();
        for wrong in ["--rounds=1", "--rounds", "--speed 5", "1"] {
            let error = explored.check(&words(wrong)).unwrap_err().to_string();
            assert_eq!(
                error,
                format!("`{wrong}` is no size of lock/mutex: write --rounds N --how-many N")
            );
        }
        let error = sizes("--how-many 1 --rounds all", "lesson-lock").unwrap_err().to_string();
        assert_eq!(error, "--rounds all: write a whole number");
    }

    #[test]
    fn arguments_are_found_by_their_colons() {
        let source = "fn other(a: u32) {}\npub(crate) fn run(\n    rounds: u32,\n    size: usize,\n) {}\nfn scene() {}";
        assert_eq!(arguments(source, "run").unwrap(), ["rounds", "size"]);
        assert_eq!(arguments(source, "scene").unwrap(), [""; 0]);
        assert_eq!(arguments(source, "none"), None);
    }
}
