//! The course's own explored scenes: every outcome of every schedule is legal, and every legal output is an outcome.

use std::fs;
use std::path::Path;
use std::process::Command;

use course::{Course, Explored};

#[test]
fn explored_scenes_print_what_their_transcripts_allow_and_nothing_else() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let course = Course::around(root).unwrap();
    let mut explored = Vec::new();
    let mut texts = String::new();
    for chapter in &course.chapters {
        texts += &fs::read_to_string(chapter.readme()).unwrap();
        for scene in chapter.scenes().unwrap() {
            explored.extend(Explored::of(chapter, &scene).unwrap());
        }
        let files = explored.iter().map(|explored| &explored.file);
        let files: Vec<_> = files.filter(|file| file.starts_with(&chapter.folder)).collect();
        for file in &chapter.explored {
            assert!(files.contains(&file), "no scene calls {}", file.display());
        }
    }
    assert!(!explored.is_empty());
    let texts = texts.split_whitespace().collect::<Vec<_>>().join(" ");
    for Explored { name, .. } in explored {
        let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
            .args(["orders", &name])
            .current_dir(&course.root)
            .env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).join("course"))
            .output()
            .unwrap();
        let stdout = String::from_utf8(output.stdout).unwrap();
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{stdout}{stderr}");
        assert!(stdout.contains("\nall "), "{stdout}");
        let last = stdout.lines().last().unwrap_or_default();
        assert!(last.starts_with("each is legal by "), "{stdout}");
        let finds_all =
            last.contains(": seen all ") || last.ends_with(": seen the one legal order");
        assert!(finds_all, "{stdout}");
        // A text may quote the number of schedules, in these words.
        let says = format!("`cargo xtask orders {name}` plays all ");
        if let Some((_, rest)) = texts.split_once(&says) {
            let figure = rest.split(' ').next().unwrap_or_default();
            assert!(
                stdout.contains(&format!("\nall {figure} schedules")),
                "{says}{figure}:\n{stdout}"
            );
        }
    }
}
