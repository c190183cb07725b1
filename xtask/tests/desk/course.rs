//! A course of its own for each test, in a folder that goes away.

use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use assert_cmd::assert::Assert;
use tempfile::TempDir;

/// The program under test.
pub(crate) const XTASK: &str = env!("CARGO_BIN_EXE_xtask");

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
                 [workspace.metadata.lessons]\norder = []\n\n\
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

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap()
    }

    pub(crate) fn write(&self, path: &str, text: &str) {
        fs::create_dir_all(self.path(path).parent().unwrap()).unwrap();
        fs::write(self.path(path), text).unwrap();
    }

    /// Replaces what must be there.
    pub(crate) fn edit(&self, path: &str, old: &str, new: &str) {
        let text = self.read(path);
        assert!(text.contains(old), "{path} has no {old:?}:\n{text}");
        self.write(path, &text.replace(old, new));
    }

    /// Runs xtask in the course's folder.
    pub(crate) fn xtask<'a>(&self, words: impl IntoIterator<Item = &'a str>) -> Assert {
        xtask(self.folder.path(), words)
    }
}

/// Runs xtask in `folder`, building where the tests of xtask may build.
pub(crate) fn xtask<'a>(folder: &Path, words: impl IntoIterator<Item = &'a str>) -> Assert {
    let mut command = Command::new(XTASK);
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("course");
    command.current_dir(folder).env("CARGO_TARGET_DIR", target).args(words).assert()
}

/// What it printed on stdout.
pub(crate) fn stdout(assert: &Assert) -> String {
    String::from_utf8(assert.get_output().stdout.clone()).unwrap()
}

/// What it printed on stderr.
pub(crate) fn stderr(assert: &Assert) -> String {
    String::from_utf8(assert.get_output().stderr.clone()).unwrap()
}

/// Whether `text` contains `part`; says what it holds instead.
pub(crate) fn holds(text: &str, part: &str) {
    assert!(text.contains(part), "no {part:?} in:\n{text}");
}
