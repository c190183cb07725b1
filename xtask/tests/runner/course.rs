//! A course of misbehaving scenes.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError, RwLock};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// A course with one chapter, `faults`. One test at a time uses it: cargo would make the others wait anyway.
static COURSE: LazyLock<Mutex<Course>> = LazyLock::new(|| Mutex::new(Course::new()));

const ROOT: &str = r#"
[workspace]
resolver = "3"
members = ["lessons/*"]
[workspace.metadata.lessons]
order = ["faults"]
"#;

const CHAPTER: &str = r#"
[package]
name = "lesson-faults"
version = "0.1.0"
edition = "2024"
[package.metadata.lesson]
question = "What can go wrong?"
minutes = 1
needs = []
deadline = 1
"#;

/// Scenes and their transcripts; the first word of `cause` is what the check must say, `passed` or `skipped` if all is
/// well.
pub(crate) const SCENES: &[Scene] = &[
    Scene::new("good", "a | hello\nb | hello\n", "passed", r#"println!("hello\nhello");"#),
    Scene::new("order", "a | one\na | two\n", "FAILED", r#"println!("two\none");"#),
    Scene::new("panics", "a | one\n", "EXIT STATUS", r#"println!("one"); panic!("boom");"#),
    Scene::new(
        "late",
        "a | took {t:secs} s\ntiming finally {t} < 1\n",
        "FAILED",
        r#"println!("took 5.0 s");"#,
    ),
    Scene::new(
        "fails",
        "exits 3\na | one\n",
        "passed",
        r#"println!("one"); std::process::exit(3);"#,
    ),
    Scene::new("crashes", "a | one\n", "CRASHED", "std::process::abort();"),
    Scene::new("hangs", "a | one\n", "HUNG", r#"println!("one"); loop {}"#),
    Scene::new("floods", "a | one\n", "TOO MUCH OUTPUT", r#"sh("exec yes").wait().unwrap();"#),
    Scene::new("bytes", "a | one\n", "NOT TEXT", r#"sh("printf 'on\\377'").wait().unwrap();"#),
    Scene::new(
        "escapes",
        "a | one\n",
        "LEFT BEHIND",
        r#"sh("setsid sleep 100 & echo one").wait().unwrap();"#,
    ),
    Scene::new("zombie", "a | one\n", "LEFT BEHIND", r#"sh("true"); nap(200); println!("one");"#),
    Scene::new(
        "file",
        "a | one\n",
        "LEFT BEHIND",
        r#"sh("touch $TMPDIR/x; echo one").wait().unwrap();"#,
    ),
    Scene::new("slow", "a | one\n", "passed", r#"nap(300); println!("one");"#),
    // Once more it fails in another way: the file is there already.
    Scene::new(
        "memory",
        "a | one\n",
        "LEFT BEHIND",
        r#"assert!(sh("set -C; : > /dev/shm/xtask-$(basename $XTASK_TEST_COURSE) && echo one").wait().unwrap().success());"#,
    ),
    Scene::new("skips", "a | one\n", "skipped", r#"eprintln!("no moon"); std::process::exit(77);"#),
    Scene::new("malformed", "a | {x:moon}\n", "MALFORMED", ""),
];

pub(crate) struct Scene {
    pub(crate) name: &'static str,
    pub(crate) transcript: &'static str,
    pub(crate) cause: &'static str,
    pub(crate) code: &'static str,
}

impl Scene {
    const fn new(
        name: &'static str,
        transcript: &'static str,
        cause: &'static str,
        code: &'static str,
    ) -> Self {
        Self { name, transcript, cause, code }
    }
}

pub(crate) struct Course(TempDir);

/// All that runs looks at /dev/shm: held for reading, but for writing by the tests that leave something there.
pub(crate) static SHARED_MEMORY: RwLock<()> = RwLock::new(());

impl Course {
    fn new() -> Self {
        let course = Self(TempDir::new().unwrap());
        course.write("Cargo.toml", ROOT);
        course.write("lessons/faults/Cargo.toml", CHAPTER);
        let rows: String =
            SCENES.iter().map(|scene| format!("({:?}, {}), ", scene.name, scene.name)).collect();
        let functions: String = SCENES
            .iter()
            .map(|scene| format!("fn {}() {{ {} }}\n", scene.name, scene.code))
            .collect();
        course.write(
            "lessons/faults/src/main.rs",
            &format!(
                "fn main() {{ lesson::run(&[{rows}]) }}
                {functions}
                fn sh(script: &str) -> std::process::Child {{
                    std::process::Command::new(\"sh\").args([\"-c\", script]).spawn().unwrap()
                }}
                fn nap(ms: u64) {{ std::thread::sleep(std::time::Duration::from_millis(ms)); }}
                mod lesson {{
                    pub fn run(scenes: &[(&str, fn())]) {{
                        let name = std::env::args().nth(1).unwrap();
                        scenes.iter().find(|scene| scene.0 == name).unwrap().1();
                    }}
                }}"
            ),
        );
        for Scene { name, transcript, .. } in SCENES {
            course.write(
                &format!("lessons/faults/transcripts/{name}.txt"),
                &format!("$ lesson-faults {name}\n{transcript}"),
            );
        }
        let refused = |name, text| course.write(&format!("lessons/faults/refused/{name}.rs"), text);
        refused("moved", "// error[E0382]\nfn f(s: String) { drop(s); drop(s); }\n");
        refused("fine", "// error[E0382]\nfn main() {}\n");
        refused("other", "// error[E0382]\nfn f() -> u8 { \"\" }\n");
        course
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.0.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    pub(crate) fn xtask(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
        command
            .args(arguments)
            .current_dir(self.0.path())
            .env("CARGO_TARGET_DIR", self.0.path().join("target"))
            .env(MARK, self.0.path());
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Output {
        self.xtask(arguments).output().unwrap()
    }

    /// Whether that scene runs at this moment.
    pub(crate) fn runs(&self, scene: &str) -> bool {
        let scene = format!("\0{scene}\0");
        self.left().iter().any(|(_, command)| command.contains(&scene))
    }

    /// What the scene `memory` leaves in /dev/shm.
    pub(crate) fn shared_memory(&self) -> PathBuf {
        let name = self.0.path().file_name().unwrap().to_string_lossy();
        PathBuf::from(format!("/dev/shm/xtask-{name}"))
    }

    /// The processes that xtask has started, directly or not, and that still run.
    pub(crate) fn left(&self) -> Vec<(i32, String)> {
        let mark = format!("{MARK}={}", self.0.path().display());
        let pids = fs::read_dir("/proc").unwrap().flatten();
        pids.filter_map(|entry| entry.file_name().to_str()?.parse().ok())
            .filter(|pid: &i32| {
                fs::read(format!("/proc/{pid}/environ"))
                    .is_ok_and(|all| all.split(|byte| *byte == 0).any(|one| one == mark.as_bytes()))
            })
            .map(|pid| {
                (pid, fs::read_to_string(format!("/proc/{pid}/cmdline")).unwrap_or_default())
            })
            .collect()
    }
}

const MARK: &str = "XTASK_TEST_COURSE";

pub(crate) fn course() -> MutexGuard<'static, Course> {
    COURSE.lock().unwrap_or_else(PoisonError::into_inner)
}

pub(crate) fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

/// Waits until `condition` holds, 5 s at most.
pub(crate) fn eventually(what: &str, mut condition: impl FnMut() -> bool) {
    let start = Instant::now();
    while !condition() {
        assert!(start.elapsed() < Duration::from_secs(5), "{what}");
        thread::sleep(Duration::from_millis(10));
    }
}
