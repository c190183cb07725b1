//! A course of misbehaving scenes.

use std::fs;
use std::path::PathBuf;
use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

use super::Course;

/// A course with one chapter, `faults`. All tests share it, so no test may edit it.
static FAULTS: LazyLock<Course> = LazyLock::new(Course::with_faults);

/// Held by a test that plays `memory` or `hoards`: only one at a time may, and the files that they leave in /dev/shm
/// are removed at the end.
pub(crate) struct SharedMemory {
    _alone: MutexGuard<'static, ()>,
}

impl SharedMemory {
    pub(crate) fn reserve() -> Self {
        static ALONE: Mutex<()> = Mutex::new(());
        Self { _alone: ALONE.lock().unwrap_or_else(PoisonError::into_inner) }
    }

    /// The file that `memory` makes.
    pub(crate) fn path(&self) -> PathBuf {
        PathBuf::from(format!("/dev/shm/xtask-{}", faults().name()))
    }

    /// The file that `hoards` makes, some time after its start.
    pub(crate) fn hoard(&self) -> PathBuf {
        PathBuf::from(format!("/dev/shm/xtask-hoards-{}", faults().name()))
    }
}

impl Drop for SharedMemory {
    fn drop(&mut self) {
        _ = fs::remove_file(self.path());
        _ = fs::remove_file(self.hoard());
    }
}

pub(crate) fn faults() -> &'static Course {
    &FAULTS
}

/// What the scenes may call, apart from `sh`, which waits for the end of its script and demands success.
const HELPERS: &str = r#"
fn start(script: &str) -> std::process::Child {
    std::process::Command::new("sh").args(["-c", script]).spawn().unwrap()
}
fn nap(ms: u64) {
    std::thread::sleep(std::time::Duration::from_millis(ms));
}
"#;

pub(crate) struct Scene {
    pub(crate) name: &'static str,
    transcript: &'static str,
    /// The result of a check: a cause in capitals, or `passed` or `skipped`.
    pub(crate) cause: &'static str,
    code: &'static str,
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

pub(crate) const SCENES: &[Scene] = &[
    Scene::new("good", "a | hello\nb | hello\n", "passed", r#"println!("hello\nhello");"#),
    Scene::new("order", "a | one\na | two\n", "ORDER", r#"println!("two\none");"#),
    Scene::new(
        "rule",
        "a | a: enters\na | a: leaves\nb | b: enters\nb | b: leaves\nalways \"enters\" - \"leaves\" <= 1\n",
        "RULE",
        r#"println!("a: enters\nb: enters\na: leaves\nb: leaves");"#,
    ),
    Scene::new("stray", "a | one\n", "STRAY", r#"println!("one\ntwo");"#),
    Scene::new("missing", "a | one\na | two\n", "MISSING", r#"println!("one");"#),
    Scene::new("panics", "a | one\n", "EXIT STATUS", r#"println!("one"); panic!("boom");"#),
    Scene::new(
        "late",
        "a | took {t:secs} s\ntiming finally {t} < 1\n",
        "RULE",
        r#"println!("took 5.0 s");"#,
    ),
    Scene::new(
        "fails",
        "exits 3\na | one\n",
        "passed",
        r#"println!("one"); std::process::exit(3);"#,
    ),
    Scene::new("crashes", "a | one\n", "CRASHED", "std::process::abort();"),
    Scene::new("hangs", "a | one\n", "HUNG", r#"println!("one"); loop { nap(100_000); }"#),
    Scene::new(
        "waits",
        "a | one\n",
        "HUNG",
        r#"println!("one");
           let lock = std::sync::Mutex::new(());
           let _first = lock.lock();
           let _second = lock.lock();"#,
    ),
    Scene::new("floods", "a | one\n", "TOO MUCH OUTPUT", r#"start("exec yes").wait().unwrap();"#),
    Scene::new(
        "kills",
        "a | one\n",
        "UNSUPERVISED",
        r#"start(&format!("kill -KILL {}", std::os::unix::process::parent_id())); loop { nap(100_000); }"#,
    ),
    // Its output may be lost, and is not judged.
    Scene::new(
        "stops",
        "a | one\n",
        "UNSUPERVISED",
        r#"start(&format!("kill -STOP {}", std::os::unix::process::parent_id())); loop { nap(100_000); }"#,
    ),
    Scene::new("bytes", "a | one\n", "NOT TEXT", r#"sh("printf 'on\\377'");"#),
    Scene::new("escapes", "a | one\n", "LEFT BEHIND", r#"sh("setsid sleep 100 & echo one");"#),
    Scene::new(
        "daemon",
        "a | one\n",
        "LEFT BEHIND",
        r#"sh("env -i setsid sh -c 'cd /; exec <&- >&- 2>&-; sleep 100 &'; echo one");"#,
    ),
    // Tries to clear the screen with everything that it can name.
    Scene::new(
        "codes",
        "a | one\n",
        "LEFT BEHIND",
        r#"std::fs::write("\x1b[2Jfile", "").unwrap();
           let mut sleep = std::process::Command::new("sleep");
           std::os::unix::process::CommandExt::arg0(&mut sleep, "\x1b[2Jname").arg("100").spawn().unwrap();
           eprintln!("\x1b[2Jstderr");
           println!("\x1b[2Jstdout");"#,
    ),
    Scene::new(
        "zombie",
        "a | one\n",
        "LEFT BEHIND",
        r#"start("true"); nap(200); println!("one");"#,
    ),
    Scene::new("file", "a | one\n", "LEFT BEHIND", r#"sh("touch $TMPDIR/x; echo one");"#),
    Scene::new("slow", "a | one\n", "passed", r#"nap(300); println!("one");"#),
    // The second run fails in another way: the file already exists.
    Scene::new(
        "memory",
        "a | one\n",
        "LEFT BEHIND",
        r#"sh("set -C; : > /dev/shm/xtask-$XTASK_TEST_COURSE && echo one");"#,
    ),
    Scene::new(
        "hoards",
        "a | one\n",
        "LEFT BEHIND",
        r#"nap(300); sh(": > /dev/shm/xtask-hoards-$XTASK_TEST_COURSE; echo one");"#,
    ),
    Scene::new(
        "race",
        "a | one\nb | two\n",
        "passed",
        r#"let mut both = [start("echo one"), start("echo two")];
           both.iter_mut().for_each(|child| _ = child.wait().unwrap());"#,
    ),
    Scene::new("skips", "a | one\n", "skipped", r#"eprintln!("no moon"); std::process::exit(77);"#),
    Scene::new("malformed", "a | {x:moon}\n", "MALFORMED", ""),
];

/// Snippets, and what a check says about them.
pub(crate) const REFUSED: &[(&str, &str, &str)] = &[
    ("moved", "// error[E0382]\nfn f(s: String) { drop(s); drop(s); }\n", "passed"),
    ("fine", "// error[E0382]\nfn main() {}\n", "it compiles"),
    ("other", "// error[E0382]\nfn f() -> u8 { \"\" }\n", "fails with E0308"),
];

impl Course {
    fn with_faults() -> Self {
        let rows: String =
            SCENES.iter().map(|scene| format!("({:?}, {}), ", scene.name, scene.name)).collect();
        let functions: String = SCENES
            .iter()
            .map(|scene| format!("fn {}() {{ {} }}\n", scene.name, scene.code))
            .collect();
        let main = format!("fn main() {{ lesson::run(&[{rows}]) }}\n");
        let course = Self::scenes("faults", "", &format!("{main}{functions}{HELPERS}"));
        course.edit("lessons/faults/Cargo.toml", "deadline = 60", "deadline = 3");
        for Scene { name, transcript, .. } in SCENES {
            course.write(
                &format!("lessons/faults/transcripts/{name}.txt"),
                &format!("$ lesson-faults {name}\n{transcript}"),
            );
        }
        for (name, text, _) in REFUSED {
            course.write(&format!("lessons/faults/refused/{name}.rs"), text);
        }
        course
    }
}
