//! Whole screens, each in a file: the command, its stdout and stderr, and the exit code.

use std::path::PathBuf;

use assert_cmd::assert::Assert;
use snapbox::Data;
use snapbox::data::DataFormat;

use super::redact::redact;
use super::{Course, stderr, stdout};

impl Course {
    /// Runs xtask in the course's folder, and compares everything that a reader sees with `screens/NAME.txt`.
    ///
    /// `SNAPSHOTS=overwrite` in the environment of the tests writes the file instead.
    #[track_caller]
    pub(crate) fn screen<'a>(
        &self,
        name: &str,
        words: impl IntoIterator<Item = &'a str> + Clone,
    ) -> Assert {
        let assert = self.xtask(words.clone());
        self.compare(name, words, &assert);
        assert
    }

    /// The same for a command that has ended already.
    #[track_caller]
    pub(crate) fn compare<'a>(
        &self,
        name: &str,
        words: impl IntoIterator<Item = &'a str>,
        assert: &Assert,
    ) {
        let mut typed = "$ cargo xtask".to_owned();
        for word in words {
            typed += &if word.contains(' ') { format!(" {word:?}") } else { format!(" {word}") };
        }
        let mut screen = format!("{typed}\n{}", reviewable(&stdout(assert)));
        let stderr = stderr(assert);
        if !stderr.is_empty() {
            screen += &format!("[stderr]\n{stderr}");
        }
        let code = assert.get_output().status.code().unwrap();
        screen += &format!("[exit code {code}]\n");
        let screen = redact(&screen, self.folder.path());

        // Raw: nothing in the file is a wildcard.
        let expected = Data::read_from(&file(name), Some(DataFormat::Text)).raw();
        snapbox::Assert::new().action_env("SNAPSHOTS").eq(screen, expected);
    }
}

/// The path of the screen with this name.
fn file(name: &str) -> PathBuf {
    PathBuf::from(format!("{}/tests/screens/{name}.txt", env!("CARGO_MANIFEST_DIR")))
}

/// JSON over many lines, so that a change of one value changes one line; other text as it is.
fn reviewable(text: &str) -> String {
    let objects: Result<Vec<serde_json::Value>, _> =
        text.lines().map(serde_json::from_str).collect();
    match objects {
        Ok(objects) => objects.iter().map(|object| format!("{object:#}\n")).collect(),
        Err(_) => text.to_owned(),
    }
}
