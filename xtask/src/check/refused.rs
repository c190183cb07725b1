//! Snippets that the compiler must refuse, each for the reason that its first line names.

use std::collections::BTreeSet;
use std::env;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::Deserialize;
use tempfile::TempDir;
use toml_edit::Item;

use super::known::{hash, identity};
use crate::answer::{Error, Result};
use crate::artifacts::Artifacts;
use crate::workspace::{Chapter, Workspace, read, read_toml, stem};

/// A snippet with all that the compiler needs to judge it.
#[derive(Debug)]
pub(crate) struct Refused {
    /// `chapter/refused/file`.
    pub(crate) name: String,
    /// The workspace's root, and the snippet's path from there on: so the compiler names it in its messages.
    root: PathBuf,
    path: PathBuf,
    /// The expected error, e.g. `E0382`.
    code: String,
    /// The chapter's dependencies as the snippet sees them.
    externs: Vec<(String, PathBuf)>,
    /// Changes whenever the answer may.
    pub(crate) key: u64,
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
    /// The snippets of a chapter.
    pub(crate) fn of(
        workspace: &Workspace,
        chapter: &Chapter,
        artifacts: &Artifacts,
    ) -> Result<Vec<Self>> {
        let files = chapter.refused()?;
        if files.is_empty() {
            return Ok(Vec::new());
        }
        let externs = externs(chapter, artifacts)?;
        files.into_iter().map(|path| Self::new(workspace, chapter, &path, &externs)).collect()
    }

    fn new(
        workspace: &Workspace,
        chapter: &Chapter,
        path: &Path,
        externs: &[(String, PathBuf)],
    ) -> Result<Self> {
        let text = read(path)?;
        let code = expected(&text).ok_or_else(|| {
            Error::Question(format!(
                "{}:1: a refused snippet starts with the error it expects: // error[E0382]",
                workspace.display(path)
            ))
        })?;
        let identities: Vec<u64> = externs.iter().map(|(_, file)| identity(file)).collect();
        Ok(Self {
            name: format!("{}/refused/{}", chapter.name, stem(path)),
            code: code.to_owned(),
            externs: externs.to_vec(),
            key: hash((&text, identities, compiler())),
            root: workspace.root.clone(),
            path: path.strip_prefix(&workspace.root).unwrap_or(path).to_owned(),
        })
    }

    /// Asks the compiler. The error tells what it said instead.
    pub(crate) fn judge(&self) -> std::result::Result<(), String> {
        let cannot = |error| format!("cannot ask the compiler: {error}");
        let folder = TempDir::new().map_err(cannot)?;
        let mut rustc = Command::new(compiler());
        // As a library: a snippet needs no main, and nothing is linked. Metadata alone takes all checks, and less time.
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
        self.hold(output.status.success(), &String::from_utf8_lossy(&output.stderr))
    }

    /// Holds the compiler's messages against the one error that is expected.
    fn hold(&self, compiled: bool, messages: &str) -> std::result::Result<(), String> {
        if compiled {
            return Err(format!("it compiles, but must fail with {}", self.code));
        }
        let diagnostics =
            messages.lines().filter_map(|line| serde_json::from_str::<Diagnostic>(line).ok());
        let mut codes = BTreeSet::new();
        let mut rendered = String::new();
        for diagnostic in diagnostics.filter(|diagnostic| diagnostic.level == "error") {
            rendered.push_str(&diagnostic.rendered.unwrap_or_default());
            match diagnostic.code {
                Some(code) => _ = codes.insert(code.code),
                // "aborting due to ..." has no code, as a syntax error.
                None if codes.is_empty() => _ = codes.insert("an error without a code".to_owned()),
                None => {}
            }
        }
        if codes.len() == 1 && codes.contains(&self.code) {
            return Ok(());
        }
        let codes = Vec::from_iter(codes).join(", ");
        let mut message =
            format!("it must fail with {} alone, but fails with {codes}:\n", self.code);
        _ = write!(message, "{}", rendered.trim_end());
        Err(message)
    }
}

/// The code in `// error[E0382]`, the first line of `text`.
pub(crate) fn expected(text: &str) -> Option<&str> {
    let code = text.lines().next()?.strip_prefix("// error[")?.strip_suffix(']')?;
    let digits = code.strip_prefix('E')?;
    (digits.len() == 4 && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(code)
}

/// Each dependency in the chapter's manifest, with the file that cargo made of it.
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
                Error::Question(format!("{manifest}: cargo built no library for `{name}`"))
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
        let hold = |lines: &[&str]| refused.hold(false, &lines.join("\n"));
        assert_eq!(hold(&[warning, moved, moved, aborting]), Ok(()));
        assert!(hold(&[moved, typed, aborting]).unwrap_err().contains("E0308, E0382"));
        assert!(hold(&[aborting]).unwrap_err().contains("without a code"));
        assert!(refused.hold(true, "").unwrap_err().contains("it compiles"));
    }
}
