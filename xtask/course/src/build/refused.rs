//! Snippets that the compiler must refuse, each with the error that its first line names.

use std::collections::BTreeSet;
use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::Deserialize;
use tempfile::TempDir;
use toml_edit::Item;

use super::artifacts::Artifacts;
use crate::cache::{hash, identity};
use crate::chapter::Chapter;
use crate::course::Course;
use crate::error::{Error, Result};
use crate::files::{read, read_toml, stem};

/// A snippet, with everything that the compiler needs to check it.
#[derive(Debug)]
pub struct Refused {
    /// `chapter/refused/file`.
    pub name: String,
    /// The workspace's root, and the snippet's path relative to it: the compiler's messages then show this path.
    root: PathBuf,
    path: PathBuf,
    /// The expected error, e.g. `E0382`.
    code: String,
    /// The chapter's dependencies, which the snippet can use.
    externs: Vec<(String, PathBuf)>,
    /// Changes whenever the compiler's answer may change.
    pub key: u64,
}

/// A line of rustc's `--error-format=json`.
#[derive(Debug, Deserialize)]
struct Diagnostic {
    level: String,
    code: Option<Code>,
    rendered: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Code {
    code: String,
}

impl Refused {
    /// The snippets in `files`, all from one chapter.
    ///
    /// # Errors
    ///
    /// A snippet does not say which error it expects, or a library for it was not built.
    pub fn of(
        course: &Course,
        chapter: &Chapter,
        files: &[PathBuf],
        artifacts: &Artifacts,
    ) -> Result<Vec<Self>> {
        if files.is_empty() {
            return Ok(Vec::new());
        }
        let externs = externs(chapter, artifacts)?;
        files.iter().map(|path| Self::new(course, chapter, path, &externs)).collect()
    }

    fn new(
        course: &Course,
        chapter: &Chapter,
        path: &Path,
        externs: &[(String, PathBuf)],
    ) -> Result<Self> {
        let text = read(path)?;
        let code = expected(&text).ok_or_else(|| {
            Error::wrong(format!(
                "{}:1: a refused snippet starts with the error it expects: // error[E0382]",
                course.display(path)
            ))
        })?;
        let identities: Vec<u64> = externs.iter().map(|(_, file)| identity(file)).collect();
        Ok(Self {
            name: format!("{}/refused/{}", chapter.name, stem(path)),
            code: code.to_owned(),
            externs: externs.to_vec(),
            key: hash((&text, identities, compiler())),
            root: course.root.clone(),
            path: path.strip_prefix(&course.root).unwrap_or(path).to_owned(),
        })
    }

    /// Checks that the compiler refuses it as expected. The error says what the compiler said instead.
    pub fn judge(&self) -> std::result::Result<(), String> {
        self.compare(&self.compile()?)
    }

    /// The compiler's messages about it, in its own words.
    ///
    /// # Errors
    ///
    /// The compiler cannot be started.
    pub fn messages(&self) -> std::result::Result<String, String> {
        Ok(self.compile()?.iter().filter_map(|diagnostic| diagnostic.rendered.as_deref()).collect())
    }

    /// The file, relative to the course's root.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The compiler's errors; none if it compiles.
    fn compile(&self) -> std::result::Result<Vec<Diagnostic>, String> {
        let cannot = |error| format!("cannot run the compiler: {error}");
        let folder = TempDir::new().map_err(cannot)?;
        let mut rustc = Command::new(compiler());
        // As a library: a snippet needs no main, and nothing is linked. Emitting only metadata runs all checks in less
        // time.
        rustc
            .args(["--edition=2024", "--crate-type=lib", "--crate-name=refused"])
            .args(["--emit=metadata", "--error-format=json"])
            .arg("--out-dir")
            .arg(folder.path())
            .current_dir(&self.root)
            .stdin(Stdio::null());
        for (name, file) in &self.externs {
            rustc.arg("--extern").arg(format!("{name}={}", file.display()));
            if let Some(folder) = file.parent() {
                rustc.arg("-L").arg(format!("dependency={}", folder.display()));
            }
        }
        let output = rustc.arg(&self.path).output().map_err(cannot)?;
        let said = String::from_utf8_lossy(&output.stderr);
        let errors: Vec<Diagnostic> = diagnostics(&said).collect();
        match (output.status.success(), errors.is_empty()) {
            (true, _) => Ok(Vec::new()),
            (false, false) => Ok(errors),
            (false, true) => {
                Err(format!("the compiler failed without an error:\n{}", said.trim_end()))
            }
        }
    }

    /// Compares the compiler's errors with the expected one.
    fn compare(&self, errors: &[Diagnostic]) -> std::result::Result<(), String> {
        if errors.is_empty() {
            return Err(format!("it compiles, but must fail with {}", self.code));
        }
        let mut codes = BTreeSet::new();
        for diagnostic in errors {
            match &diagnostic.code {
                Some(code) => _ = codes.insert(code.code.as_str()),
                // "aborting due to ..." has no code, and neither has a syntax error.
                None if codes.is_empty() => _ = codes.insert("an error without a code"),
                None => {}
            }
        }
        if codes.len() == 1 && codes.contains(self.code.as_str()) {
            return Ok(());
        }
        let codes = Vec::from_iter(codes).join(", ");
        let rendered: String =
            errors.iter().filter_map(|diagnostic| diagnostic.rendered.as_deref()).collect();
        let code = &self.code;
        Err(format!(
            "it must fail with {code} alone, but fails with {codes}:\n{}",
            rendered.trim_end()
        ))
    }
}

/// The errors among the compiler's messages.
fn diagnostics(messages: &str) -> impl Iterator<Item = Diagnostic> {
    messages
        .lines()
        .filter_map(|line| serde_json::from_str::<Diagnostic>(line).ok())
        .filter(|diagnostic| diagnostic.level == "error")
}

/// The code in `// error[E0382]`, the first line of `text`.
pub fn expected(text: &str) -> Option<&str> {
    let code = text.lines().next()?.strip_prefix("// error[")?.strip_suffix(']')?;
    let digits = code.strip_prefix('E')?;
    (digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(code)
}

/// Each dependency in the chapter's manifest, with the file that cargo made from it.
fn externs(chapter: &Chapter, artifacts: &Artifacts) -> Result<Vec<(String, PathBuf)>> {
    let manifest = chapter.folder.join("Cargo.toml");
    let document = read_toml(&manifest)?;
    let Some(dependencies) = document.get("dependencies").and_then(Item::as_table_like) else {
        return Ok(Vec::new());
    };
    let extern_of = |name: &str| {
        let name = name.replace('-', "_");
        artifacts.library(&name).map(|file: &Path| (name.clone(), file.to_owned())).ok_or_else(
            || {
                let manifest = manifest.display();
                Error::wrong(format!("{manifest}: cargo built no library for `{name}`"))
            },
        )
    };
    dependencies.iter().map(|(name, _)| extern_of(name)).collect()
}

/// The compiler that cargo uses.
fn compiler() -> String {
    env::var("RUSTC").unwrap_or_else(|_| "rustc".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_names_the_error() {
        assert_eq!(expected("// error[E0382]\nfn main() {}"), Some("E0382"));
        for wrong in ["", "fn main() {}", "// error[0382]", "// error[E38]", "//error[E0382]"] {
            assert_eq!(expected(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn only_the_expected_error_will_do() {
        let refused = Refused {
            name: "fork/refused/x".to_owned(),
            root: PathBuf::new(),
            path: PathBuf::new(),
            code: "E0382".to_owned(),
            externs: Vec::new(),
            key: 0,
        };
        let moved = r#"{"level":"error","code":{"code":"E0382"},"rendered":"moved\n"}"#;
        let typed = r#"{"level":"error","code":{"code":"E0308"},"rendered":"typed\n"}"#;
        let aborting = r#"{"level":"error","code":null,"rendered":"aborting\n"}"#;
        let warning = r#"{"level":"warning","code":{"code":"unused"},"rendered":"w"}"#;
        let compare =
            |lines: &[&str]| refused.compare(&diagnostics(&lines.join("\n")).collect::<Vec<_>>());
        assert_eq!(compare(&[warning, moved, moved, aborting]), Ok(()));
        assert!(compare(&[moved, typed, aborting]).unwrap_err().contains("E0308, E0382"));
        assert!(compare(&[aborting]).unwrap_err().contains("without a code"));
        assert!(compare(&[warning]).unwrap_err().contains("it compiles"));
    }
}
