//! Transcripts for use in any crate's tests. Only this module of the library reads and writes files.

use std::fmt;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use crate::error::ParseError;
use crate::judge::{Timing, Verdict};
use crate::model::Transcript;
use crate::read::Parser;
use crate::render::WIDTH;
use crate::text::visible;

/// The environment variable that tells tests to rewrite their transcripts.
const VARIABLE: &str = "TRANSCRIPT";

/// Held while a test rewrites a file: two tests may share one.
static BLESSING: Mutex<()> = Mutex::new(());

/// Why a transcript could not be loaded. Displays the path and what to do.
#[derive(Debug)]
#[non_exhaustive]
pub enum LoadError {
    /// The file cannot be read.
    Read {
        /// The file.
        path: PathBuf,
        /// The system's error.
        source: io::Error,
    },
    /// The file is not a transcript.
    Parse(ParseError),
}

impl fmt::Display for LoadError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            LoadError::Read { path, source } => {
                write!(out, "cannot read the transcript {}: {source}", shown(path))?;
                match source.kind() {
                    io::ErrorKind::NotFound => {
                        let draft =
                            "`transcript draft -- COMMAND` drafts one from a program's runs";
                        let folder = std::env::current_dir().unwrap_or_default();
                        write!(out, " (looked from {}; {draft})", shown(&folder))
                    }
                    _ => Ok(()),
                }
            }
            LoadError::Parse(error) => error.fmt(out),
        }
    }
}

impl std::error::Error for LoadError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            LoadError::Read { source, .. } => Some(source),
            LoadError::Parse(error) => Some(error),
        }
    }
}

impl Transcript {
    /// Reads a transcript from a file. Cargo runs a test in the folder of its package, so a path such as
    /// `tests/fork.txt` starts there.
    ///
    /// ```
    /// # std::env::set_current_dir(env!("CARGO_MANIFEST_DIR"))?;
    /// let transcript = transcript::Transcript::load("tests/examples/double-fork.txt")?;
    /// assert_eq!(transcript.count().to_string(), "140");
    ///
    /// let error = transcript::Transcript::load("tests/no.txt").unwrap_err();
    /// assert!(error.to_string().starts_with("cannot read the transcript tests/no.txt: "));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The file cannot be read, or is not a transcript.
    pub fn load(path: impl AsRef<Path>) -> Result<Transcript, LoadError> {
        Transcript::parser().load(path)
    }

    /// Asserts that the output is legal. If it is not, the panic gives the reasons and a drawing.
    ///
    /// ```
    /// let text = "parent | forked\nparent -> child\nchild | hello\n";
    /// let transcript = transcript::Transcript::parse("demo.txt", text)?;
    /// transcript.assert("forked\nhello\n");
    ///
    /// use std::panic::{AssertUnwindSafe, catch_unwind};
    ///
    /// let illegal = AssertUnwindSafe(|| transcript.assert("hello\nforked\n"));
    /// let panic = catch_unwind(illegal).unwrap_err();
    /// let message = panic.downcast_ref::<String>().expect("a message");
    /// assert!(message.contains("parent -> child (demo.txt:2)"));
    /// # Ok::<(), transcript::ParseError>(())
    /// ```
    ///
    /// # Panics
    ///
    /// The output is illegal, or the search ran out of its budget.
    #[track_caller]
    pub fn assert(&self, output: &str) {
        if let Some(report) = self.report(output) {
            panic!("{report}");
        }
    }

    /// The report about an output that is not accepted.
    fn report(&self, output: &str) -> Option<String> {
        let verdict = self.judge(output, Timing::Judged);
        let why = match &verdict {
            Verdict::Accepted(_) => return None,
            Verdict::Rejected(rejected) => rejected.wrapped(WIDTH),
            Verdict::Undecided(why) => format!("UNDECIDED  {why}"),
        };
        let drawing = self.drawing(output, &verdict, WIDTH);
        Some(format!("the output does not fit {}\n\n{why}\n\n{drawing}", visible(&self.name)))
    }
}

impl Parser {
    /// Reads a transcript from a file, as [`Transcript::load`] does, with this parser's kinds.
    ///
    /// ```
    /// # std::env::set_current_dir(env!("CARGO_MANIFEST_DIR"))?;
    /// let even = |text: &str| text.parse::<u32>().is_ok_and(|number| number % 2 == 0);
    /// let parser = transcript::Transcript::parser().kind("even", even, |n| (2 * n).to_string());
    /// assert_eq!(parser.load("tests/examples/double-fork.txt")?.lanes().len(), 4);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// The file cannot be read, or is not a transcript.
    pub fn load(&self, path: impl AsRef<Path>) -> Result<Transcript, LoadError> {
        let path = path.as_ref();
        let text = fs::read_to_string(path)
            .map_err(|source| LoadError::Read { path: path.to_owned(), source })?;
        self.parse(&path.display().to_string(), &text).map_err(LoadError::Parse)
    }

    /// Asserts that the output is legal, as [`assert_output`] does, with this parser's kinds.
    ///
    /// ```
    /// # std::env::set_current_dir(env!("CARGO_MANIFEST_DIR")).expect("a folder");
    /// let lines = ["7: about to fork", "7: forked 8", "7: 8 exited with 7"].map(|line| format!("parent {line}\n"));
    /// let [fork, forked, exited] = lines;
    /// let child = "child 8: my parent is 7\nchild 8: exiting with 7\n";
    /// let parser = transcript::Transcript::parser();
    /// parser.assert_output("tests/examples/fork-and-join.txt", &format!("{fork}{child}{forked}{exited}"));
    /// ```
    ///
    /// # Panics
    ///
    /// As [`assert_output`].
    #[track_caller]
    pub fn assert_output(&self, path: impl AsRef<Path>, output: &str) {
        let value = std::env::var_os(VARIABLE);
        let mode = Mode::of(value.as_deref().map(|value| value.to_string_lossy()).as_deref());
        if let Err(message) = mode.and_then(|mode| checked(self, path.as_ref(), output, &mode)) {
            panic!("{message}");
        }
    }
}

/// What the environment variable asks for.
enum Mode {
    Judge,
    Bless,
}

impl Mode {
    fn of(value: Option<&str>) -> Result<Mode, String> {
        match value {
            None | Some("") => Ok(Mode::Judge),
            Some("bless") => Ok(Mode::Bless),
            Some(other) => Err(format!(
                "{VARIABLE}={} is unknown: write {VARIABLE}=bless to rewrite transcripts, or unset it",
                visible(other)
            )),
        }
    }
}

/// Asserts that the output is legal by the transcript in a file. If it is not, the panic gives the reasons and a
/// drawing.
///
/// With `TRANSCRIPT=bless` in the environment the literal text of the file is rewritten first, as [`Transcript::bless`]
/// does, and standard error says so. Then the output is judged by the new text, so a line that could not be blessed
/// still fails.
///
/// ```
/// # std::env::set_current_dir(env!("CARGO_MANIFEST_DIR")).expect("a folder");
/// let output = "\
/// parent 7: about to fork
/// parent 7: forked 8
/// child 8: my parent is 7
/// child 8: exiting with 7
/// parent 7: 8 exited with 7
/// ";
/// transcript::assert_output("tests/examples/fork-and-join.txt", output);
/// ```
///
/// # Panics
///
/// The output is illegal, the file cannot be read or written or is not a transcript, or `TRANSCRIPT` has an unknown
/// value.
#[track_caller]
pub fn assert_output(path: impl AsRef<Path>, output: &str) {
    Transcript::parser().assert_output(path, output);
}

/// The path as messages show it.
fn shown(path: &Path) -> String {
    visible(&path.to_string_lossy()).into_owned()
}

fn checked(parser: &Parser, path: &Path, output: &str, mode: &Mode) -> Result<(), String> {
    let _one = BLESSING.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let mut transcript = parser.load(path).map_err(|error| error.to_string())?;
    let Some(mut report) = transcript.report(output) else { return Ok(()) };
    let blessed = transcript.bless(output);
    let lines: Vec<String> = blessed.changed.iter().map(ToString::to_string).collect();
    let lines = lines.join(", ");
    if let Mode::Bless = mode {
        if !blessed.changed.is_empty() {
            fs::write(path, &blessed.text)
                .map_err(|error| format!("cannot write {}: {error}", shown(path)))?;
            // Not `eprintln!`: the test harness hides that when the test passes.
            let told = format!("{}: rewrote line {lines}\n", shown(path));
            _ = io::stderr().write_all(told.as_bytes());
            transcript = parser.load(path).map_err(|error| error.to_string())?;
            match transcript.report(output) {
                None => return Ok(()),
                Some(rest) => report = rest,
            }
        }
        report.push_str("\nNot blessed:\n");
        for refusal in &blessed.refused {
            report.push_str(&format!("  {refusal}\n"));
        }
    } else if !blessed.changed.is_empty() {
        report.push_str(&format!(
            "\n{VARIABLE}=bless rewrites line {lines}, if the new text is right.\n"
        ));
    }
    Err(report)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "parent | forked {c:pid}\nparent -> child\nchild | hello\n";

    fn file(text: &str) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("fork.txt");
        fs::write(&path, text).expect("a file");
        (folder, path)
    }

    fn check(path: &Path, output: &str, mode: &Mode) -> Result<(), String> {
        checked(&Transcript::parser(), path, output, mode)
    }

    fn read(path: &Path) -> String {
        fs::read_to_string(path).expect("the file")
    }

    #[test]
    fn judging_leaves_the_file_alone() {
        let (_folder, path) = file(TEXT);
        assert_eq!(check(&path, "forked 7\nhello\n", &Mode::Judge), Ok(()));
        let report = check(&path, "hello\nforked 7\n", &Mode::Judge).unwrap_err();
        assert!(report.contains("ORDER") && !report.contains("TRANSCRIPT=bless"), "{report}");
        let report = check(&path, "forked 7\nhello moon\n", &Mode::Judge).unwrap_err();
        assert!(
            report.contains("STRAY") && report.contains("TRANSCRIPT=bless rewrites line 3"),
            "{report}"
        );
        assert_eq!(read(&path), TEXT);
    }

    #[test]
    fn blessing_rewrites_the_file_and_judges_by_it() {
        let (_folder, path) = file(TEXT);
        assert_eq!(check(&path, "forked 7\nhello world\n", &Mode::Bless), Ok(()));
        assert_eq!(read(&path), TEXT.replace("hello", "hello world"));
        assert_eq!(check(&path, "forked 7\nhello world\n", &Mode::Judge), Ok(()));
    }

    #[test]
    fn what_cannot_be_blessed_fails() {
        let (_folder, path) = file(TEXT);
        let report = check(&path, "hello\nforked 7\n", &Mode::Bless).unwrap_err();
        assert!(report.contains("parent -> child"), "{report}");
        let report = check(&path, "forked 7\nhello\nbye\n", &Mode::Bless).unwrap_err();
        assert!(report.contains("Not blessed:\n  output line 3: no event for \"bye\""), "{report}");
        assert_eq!(read(&path), TEXT);
    }

    #[test]
    fn an_unknown_mode_is_an_error_that_names_the_known_ones() {
        assert!(matches!(Mode::of(None), Ok(Mode::Judge)));
        assert!(matches!(Mode::of(Some("")), Ok(Mode::Judge)));
        assert!(matches!(Mode::of(Some("bless")), Ok(Mode::Bless)));
        let error = Mode::of(Some("overwrite")).err().expect("an error");
        assert_eq!(
            error,
            "TRANSCRIPT=overwrite is unknown: write TRANSCRIPT=bless to rewrite transcripts, or unset it"
        );
    }

    #[test]
    fn a_missing_file_says_where_it_was_looked_for_and_how_to_get_one() {
        let error = Transcript::load("no/such.txt").unwrap_err().to_string();
        let folder = std::env::current_dir().expect("a folder");
        assert!(error.contains(&format!("looked from {}", folder.display())), "{error}");
        assert!(error.contains("`transcript draft -- COMMAND` drafts one"), "{error}");
    }
}
