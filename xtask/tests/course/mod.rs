//! A new course for each test, in a temporary folder.
//!
//! All of them build into one target folder, so that `shared` is built once. Programs with the same name would
//! overwrite each other there, so a test that builds a chapter gives it a name that no other test uses.

mod faults;
mod redact;
mod screen;
mod terminal;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use assert_cmd::assert::Assert;
use tempfile::TempDir;

pub(crate) use self::faults::{REFUSED, SCENES, Scene, SharedMemory, faults};
pub(crate) use self::terminal::Terminal;

/// The program under test.
pub(crate) const XTASK: &str = env!("CARGO_BIN_EXE_xtask");

/// The variable that marks every process that xtask starts, directly or not: its value is the name of the test.
const MARK: &str = "XTASK_TEST";

/// Variables that a reader or a service may have set, and that would change a screen: with `CI`, even a dumb terminal
/// has colours.
const TASTES: [&str; 7] = [
    "CARGO_TERM_COLOR",
    "CLICOLOR",
    "CLICOLOR_FORCE",
    "NO_COLOR",
    "COLUMNS",
    "RUST_BACKTRACE",
    "CI",
];

/// What a program of [`Course::scenes`] may call.
const SCENES_END: &str = r#"
fn sh(script: &str) {
    assert!(std::process::Command::new("sh").args(["-c", script]).status().unwrap().success());
}
mod lesson {
    pub fn run(scenes: &[(&str, fn())]) {
        let name = std::env::args().nth(1).unwrap();
        scenes.iter().find(|scene| scene.0 == name).unwrap().1();
    }
}
"#;

/// A course without chapters, whose lessons use the real `shared`.
pub(crate) struct Course {
    folder: TempDir,
}

impl Course {
    pub(crate) fn new() -> Self {
        let course = Self { folder: TempDir::new().unwrap() };
        let ours = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
        fs::create_dir(course.path("lessons")).unwrap();
        fs::copy(ours.join("Cargo.lock"), course.path("Cargo.lock")).unwrap();
        course.write("README.md", "# A course\n\n<!-- lessons -->\n<!-- end -->\n");
        let shared = ours.join("shared");
        course.write(
            "Cargo.toml",
            &format!(
                "[workspace]\nresolver = \"3\"\nmembers = [\"lessons/*\"]\n\n\
                 [workspace.metadata.lessons]\nparts = [{{ title = \"A part\", chapters = [] }}]\n\n\
                 [workspace.package]\nversion = \"0.1.0\"\nedition = \"2024\"\nrust-version = \"1.95\"\n\
                 license = \"MIT\"\npublish = false\n\n\
                 [workspace.dependencies]\nshared = {{ path = {shared:?}, default-features = false }}\n\n\
                 [workspace.lints.rust]\nunsafe_code = \"deny\"\n"
            ),
        );
        course
    }

    /// A course with one chapter, as `new` writes it.
    pub(crate) fn with(chapter: &str) -> Self {
        let course = Self::new();
        course.xtask(["new", chapter, "What is it good for?"]).success();
        course
    }

    /// A course with one chapter, whose program does without `shared`. `program` has the table of its scenes, and may
    /// call `sh`; `settings` are further lines of the chapter's metadata.
    pub(crate) fn scenes(name: &str, settings: &str, program: &str) -> Self {
        let course = Self::new();
        course.edit("Cargo.toml", "chapters = []", &format!("chapters = [{name:?}]"));
        let manifest = format!(
            "[package]\nname = \"lesson-{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\
             [package.metadata.lesson]\nquestion = \"Which order is next?\"\nminutes = 1\nneeds = []\n\
             deadline = 60\n{settings}"
        );
        course.write(&format!("lessons/{name}/Cargo.toml"), &manifest);
        course.write(&format!("lessons/{name}/src/main.rs"), &format!("{program}{SCENES_END}"));
        course
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// The name of the folder, which no other course has.
    fn name(&self) -> &str {
        self.folder.path().file_name().unwrap().to_str().unwrap()
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        fs::create_dir_all(self.path(path).parent().unwrap()).unwrap();
        fs::write(self.path(path), text).unwrap();
    }

    /// Replaces a text, which must be there.
    pub(crate) fn edit(&self, path: &str, old: &str, new: &str) {
        let text = self.read(path);
        assert!(text.contains(old), "{path} has no {old:?}:\n{text}");
        self.write(path, &text.replace(old, new));
    }

    /// Runs xtask in the course's folder.
    pub(crate) fn xtask<'a>(&self, words: impl IntoIterator<Item = &'a str>) -> Assert {
        assert_cmd::Command::from_std(self.command(words)).assert()
    }

    /// xtask in the course's folder, not yet started.
    pub(crate) fn command<'a>(&self, words: impl IntoIterator<Item = &'a str>) -> Command {
        command(self.folder.path(), words)
    }
}

/// Runs xtask in `folder`.
pub(crate) fn xtask<'a>(folder: &Path, words: impl IntoIterator<Item = &'a str>) -> Assert {
    assert_cmd::Command::from_std(command(folder, words)).assert()
}

/// xtask in `folder`, with a target folder for tests.
fn command<'a>(folder: &Path, words: impl IntoIterator<Item = &'a str>) -> Command {
    let mut command = Command::new(XTASK);
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("course");
    command.current_dir(folder).env("CARGO_TARGET_DIR", target).env(MARK, test()).args(words);
    // For a scene that must choose a unique name for what it leaves behind.
    command.env("XTASK_TEST_COURSE", folder.file_name().unwrap_or_default());
    for taste in TASTES {
        command.env_remove(taste);
    }
    command
}

/// The processes that xtask has started in this test, directly or not, and that still run: pid and command line.
pub(crate) fn left() -> Vec<(i32, String)> {
    let mark = format!("{MARK}={}", test());
    let pids = fs::read_dir("/proc").unwrap().flatten();
    pids.filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter(|pid: &i32| {
            fs::read(format!("/proc/{pid}/environ"))
                .is_ok_and(|all| all.split(|byte| *byte == 0).any(|one| one == mark.as_bytes()))
        })
        .map(|pid| (pid, fs::read_to_string(format!("/proc/{pid}/cmdline")).unwrap_or_default()))
        .collect()
}

/// Whether this test is running that scene now.
pub(crate) fn runs(scene: &str) -> bool {
    let scene = format!("\0{scene}\0");
    left().iter().any(|(_, command)| command.contains(&scene))
}

/// This process and this test in it.
fn test() -> String {
    format!("{} {}", std::process::id(), thread::current().name().unwrap_or_default())
}

/// What it printed on stdout.
pub(crate) fn stdout(assert: &Assert) -> String {
    String::from_utf8(assert.get_output().stdout.clone()).unwrap()
}

/// What it printed on stderr.
pub(crate) fn stderr(assert: &Assert) -> String {
    String::from_utf8(assert.get_output().stderr.clone()).unwrap()
}

/// Asserts that `text` contains `part`, and prints the text if not.
#[track_caller]
pub(crate) fn holds(text: &str, part: &str) {
    assert!(!part.is_empty(), "every text holds nothing");
    assert!(text.contains(part), "no {part:?} in:\n{text}");
}

/// Waits until `condition` holds. If that takes a minute, something hangs.
pub(crate) fn eventually(what: &str, mut condition: impl FnMut() -> bool) {
    let start = Instant::now();
    while !condition() {
        assert!(start.elapsed() < Duration::from_secs(60), "{what}");
        thread::sleep(Duration::from_millis(10));
    }
}
