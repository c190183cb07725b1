//! Builds the programs that play every schedule of explored scenes.
//!
//! Such a program has the lesson's own file as a module, unchanged, and a dependency that is called `std`. The compiler
//! then takes this package wherever the file says `std`. That is not documented, and only happens here, in a workspace
//! that is generated in the target folder.

use std::fmt::Write;
use std::path::{Path, PathBuf};

use super::artifacts::{Artifacts, Observer};
use crate::chapter::Chapter;
use crate::course::Course;
use crate::error::{Error, Result};
use crate::explored::Explored;
use crate::files::{look_up, read, read_toml, stem, write};

/// The folder of the packages of xtask.
const TOOLS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

const WORKSPACE: &str = "[workspace]
resolver = \"3\"
members = [\"std\", MEMBERS]

# Only what runs in every schedule must be fast, so that the rest is built soon.
[profile.release.package.\"*\"]
opt-level = 0

[profile.release.package.corosensei]
opt-level = 3

[profile.release.package.explorer]
opt-level = 3
";

const STD: &str = "[package]
name = \"explored-std\"
edition = \"2024\"

[dependencies]
explorer = { path = EXPLORER }
";

const STD_LIB: &str = "//! Is called `std` by the package beside it.

pub use explorer::swapped::*;
";

const PROGRAM: &str = "[package]
name = NAME
edition = \"2024\"

[dependencies]
explorer = { path = EXPLORER }
shared = { path = SHARED, default-features = false }
std = { package = \"explored-std\", path = \"../std\" }

# The lesson's own build shows its warnings.
[lints.rust]
warnings = \"allow\"
";

/// The programs that play the explored scenes of some chapters, built in one call of cargo.
#[derive(Debug)]
pub struct Harness(Artifacts);

impl Harness {
    /// Builds a program for each chapter, which plays these scenes of it.
    ///
    /// # Errors
    ///
    /// A package cannot be written, or cargo cannot build. That a program does not compile is no error yet.
    pub fn build(
        course: &Course,
        chapters: &[(&Chapter, Vec<Explored>)],
        observer: &dyn Observer,
    ) -> Result<Self> {
        let names: Vec<&str> = chapters.iter().map(|(chapter, _)| chapter.name.as_str()).collect();
        let packages: Vec<String> = chapters.iter().map(|(chapter, _)| package(chapter)).collect();
        let home = course.target().join("xtask/explored").join(names.join("+"));
        let tools = Path::new(TOOLS);
        let quoted = |path: &Path| format!("{:?}", path.to_string_lossy());
        let explorer = quoted(&tools.join("explorer"));
        let shared = quoted(&shared(course)?);
        let manifest = home.join("Cargo.toml");
        let members: Vec<String> = packages.iter().map(|package| format!("{package:?}")).collect();
        write(&manifest, WORKSPACE.replace("MEMBERS", &members.join(", ")))?;
        write(&home.join("std/Cargo.toml"), STD.replace("EXPLORER", &explorer))?;
        write(&home.join("std/src/lib.rs"), STD_LIB)?;
        for ((_, scenes), package) in chapters.iter().zip(&packages) {
            let program = PROGRAM
                .replace("NAME", &format!("{package:?}"))
                .replace("EXPLORER", &explorer)
                .replace("SHARED", &shared);
            write(&home.join(package).join("Cargo.toml"), program)?;
            write(&home.join(package).join("src/main.rs"), main(scenes))?;
        }
        // The versions of the dependencies are ours, so that cargo asks no registry.
        write(&home.join("Cargo.lock"), read(&tools.join("../Cargo.lock"))?)?;

        let release = ["--release", "--offline"];
        let packages: Vec<&str> = packages.iter().map(String::as_str).collect();
        Artifacts::build(course, &manifest, &packages, &release, observer).map(Self)
    }

    /// The program of a chapter.
    ///
    /// # Errors
    ///
    /// `NotCompiled`, with the compiler's errors: a file uses a part of std that cannot be explored.
    pub fn program(&self, chapter: &Chapter) -> Result<&Path> {
        self.0.executable(&package(chapter)).map_err(Error::NotCompiled)
    }
}

fn package(chapter: &Chapter) -> String {
    format!("explored-{}", chapter.name)
}

/// The package `shared` that the lessons use.
fn shared(course: &Course) -> Result<PathBuf> {
    let manifest = course.root.join("Cargo.toml");
    let document = read_toml(&manifest)?;
    let path = look_up(&document, &["workspace", "dependencies", "shared", "path"]);
    let path = path.and_then(|path| path.as_str()).ok_or_else(|| {
        Error::wrong(format!(
            "{}: no path to `shared` in [workspace.dependencies]",
            manifest.display()
        ))
    })?;
    Ok(course.root.join(path))
}

/// The program: each file is a module, and each scene a row of the table.
fn main(scenes: &[Explored]) -> String {
    let mut text = "//! Plays every schedule of a chapter's scenes.\n\n".to_owned();
    let mut files: Vec<&Path> = scenes.iter().map(|scene| scene.file.as_path()).collect();
    files.sort();
    files.dedup();
    for file in files {
        _ = writeln!(text, "#[path = {:?}]\nmod {};", file.to_string_lossy(), stem(file));
    }
    text += "\nfn main() -> impl explorer::Termination {\n    explorer::serve(&[\n";
    for Explored { name, file, function, sizes } in scenes {
        let sizes: Vec<String> = sizes.iter().map(|size| format!("sizes.get({size:?})")).collect();
        let call = format!("{}::{function}({})", stem(file), sizes.join(", "));
        _ = writeln!(text, "        ({name:?}, |sizes| explorer::ended({call})),");
    }
    text + "    ])\n}\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_scene_is_called_with_its_sizes() {
        let explored = |name: &str, file: &str, sizes: &[&str]| Explored {
            name: name.to_owned(),
            file: file.into(),
            function: "run".to_owned(),
            sizes: sizes.iter().map(|size| (*size).to_owned()).collect(),
        };
        let scenes = [
            explored("lock/b", "/lessons/two.rs", &["rounds", "size"]),
            explored("lock/a", "/lessons/one.rs", &[]),
            explored("lock/c", "/lessons/two.rs", &[]),
        ];
        let expected = r#"//! Plays every schedule of a chapter's scenes.

#[path = "/lessons/one.rs"]
mod one;
#[path = "/lessons/two.rs"]
mod two;

fn main() -> impl explorer::Termination {
    explorer::serve(&[
        ("lock/b", |sizes| explorer::ended(two::run(sizes.get("rounds"), sizes.get("size")))),
        ("lock/a", |sizes| explorer::ended(one::run())),
        ("lock/c", |sizes| explorer::ended(two::run())),
    ])
}
"#;
        assert_eq!(main(&scenes), expected);
    }
}
