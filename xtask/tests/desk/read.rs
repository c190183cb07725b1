//! `read`: a chapter for a terminal.

use crate::course::{Course, holds, stderr, stdout};

/// A course of two chapters; the first has three scenes, and sections about them.
fn course() -> Course {
    let course = Course::with("pool");
    course.xtask(["new", "fork", "What does it mean?"]).success();
    let row = "(\"hand-over\", hand_over)";
    let rows = format!("{row}, (\"map\", map), (\"reduce\", reduce), (\"bare\", bare)");
    course.edit("lessons/pool/src/main.rs", row, &rows);
    course.edit(
        "lessons/pool/README.md",
        "## Python to Rust",
        "## More scenes\n\n### `map` and `reduce`: both\n\n\
         Of [fork](../fork/README.md), [its text](src/main.rs#x),\n\
         [itself](README.md#x) and [this](#the-idea).\n\n\
         #### Reasons\n\n<details><summary>Why</summary>\n\nFor no reason.\n\n</details>\n\n\
         ## Python to Rust\n\n### `Pool`: no scene",
    );
    course
}

fn read(course: &Course, words: &[&str]) -> String {
    let words = [&["read"], words].concat();
    stdout(&course.xtask(words).success())
}

#[test]
fn a_scene_is_the_section_about_it_however_it_is_spelled() {
    let course = course();
    let map = read(&course, &["pool/map"]);
    assert_eq!(
        map,
        "`map` and `reduce`: both\n\
         ┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄┄\n\n\
         Of fork (cargo xtask read fork), its text (lessons/pool/src/main.rs), itself and\nthis.\n\n\
         Reasons\n┄┄┄┄┄┄┄\n\n\
         ▸ Why (cargo xtask read pool/map --answers)\n\n\
         next: cargo xtask read pool, from \"Python to Rust\" on\n"
    );
    for words in [&["pool", "map"][..], &["lesson-pool", "map"], &["lessons/pool/reduce"]] {
        assert_eq!(read(&course, words), map, "{words:?}");
    }
    holds(&read(&course, &["pool/map", "--answers"]), "\n▾ Why\n\nFor no reason.\n");
    holds(&read(&course, &["pool/hand-over"]), "\nnext: cargo xtask read pool/map\n");
    let missing = stderr(&course.xtask(["read", "pool/bare"]).code(2));
    holds(&missing, "lessons/pool/README.md has no section about `bare`: `cargo xtask tidy pool`");
}

#[test]
fn a_chapter_is_its_whole_text() {
    let course = course();
    let pool = read(&course, &["pool"]);
    for part in [
        "What is it good for?\n════════════════════\n",
        "\n▸ What happens, and why (cargo xtask read pool/hand-over --answers)\n",
        "\n▸ Why (cargo xtask read pool/map --answers)\n",
        "\n   ▸ Answer (cargo xtask read pool --answers)\n",
        "\nnext: cargo xtask read fork\n",
    ] {
        holds(&pool, part);
    }
    let hidden = ["<!--", "<details", "For no reason"];
    assert_eq!(hidden.map(|part| pool.contains(part)), [false; 3], "{pool}");
    // The last chapter, and all chapters.
    assert!(!read(&course, &["fork"]).contains("next:"));
    assert_eq!(read(&course, &["pool", "fork"]), pool + "\n" + &read(&course, &["fork"]));
    // Its only scene is not the chapter.
    let scene = read(&course, &["fork/hand-over"]);
    assert!(scene.starts_with("`hand-over`: a worker"), "{scene}");
}

#[test]
fn no_line_of_prose_is_wider_than_the_page() {
    let course = course();
    let prose = |columns: &str| {
        let mut command = course.command(["read", "pool", "--answers"]);
        let shown = command.env("COLUMNS", columns).output().unwrap().stdout;
        let shown = String::from_utf8(shown).unwrap();
        let lines = shown.lines().filter(|line| !line.starts_with("  "));
        lines.map(|line| line.chars().count()).max().unwrap()
    };
    // As wide as the words allow.
    for (columns, least, most) in [("60", 55, 60), ("200", 95, 100), ("none", 75, 80), ("", 75, 80)]
    {
        let widest = prose(columns);
        assert!((least..=most).contains(&widest), "{columns:?}: {widest}");
    }
}

#[test]
fn a_picture_is_drawn_again_where_it_is_too_wide() {
    let course = course();
    let picture = |columns: &str| {
        let mut command = course.command(["read", "pool/hand-over", "--answers"]);
        let shown = command.env("COLUMNS", columns).output().unwrap().stdout;
        let shown = String::from_utf8(shown).unwrap();
        let lines =
            shown.lines().filter(|line| line.starts_with("  ") && line.contains(['│', '├']));
        lines.map(str::to_owned).collect::<Vec<String>>()
    };
    let widest = |lines: &[String]| lines.iter().map(|line| line.chars().count()).max().unwrap();
    let (wide, narrow) = (picture("80"), picture("40"));
    let drawn = course.read("lessons/pool/README.md");
    assert!(wide.iter().all(|line| drawn.contains(line.trim())), "{wide:#?}\n{drawn}");
    assert!(widest(&wide) > 40 && widest(&narrow) <= 40, "{wide:#?}\n{narrow:#?}");
    assert!(narrow.len() > wide.len(), "{narrow:#?}");
}

#[test]
fn a_terminal_shows_colours_in_its_own_width_and_a_pager() {
    let course = course();
    let words = ["read", "pool/map"];
    let mark = ("PAGER", "sed s/^/paged:/");
    let shown = course.on_terminal(60, &[mark], words);
    let (bold, faint, end) = ("\x1b[1m", "\x1b[2m", "\x1b[0m");
    holds(&shown, &format!("paged:{bold}`map` and `reduce`: both{end}\n"));
    holds(
        &shown,
        &format!("paged:{bold}▸ Why{end} {faint}(cargo xtask read pool/map --answers){end}\n"),
    );
    // A page of 80 columns has this on the line above.
    holds(&shown, &format!("\npaged:{faint}(lessons/pool/src/main.rs){end}, itself and this.\n"));
    let wide = course.on_terminal(60, &[mark, ("COLUMNS", "80")], words);
    holds(&wide, &format!(" {faint}(lessons/pool/src/main.rs){end}, itself and\n"));

    let plain = course.on_terminal(80, &[mark, ("NO_COLOR", "1")], words);
    assert_eq!(plain.replace("paged:", ""), read(&course, &["pool/map"]));
    let unpaged = course.on_terminal(80, &[("PAGER", "no-such-pager")], words);
    assert_eq!(unpaged.lines().count(), plain.lines().count());
    holds(&unpaged, &format!("{bold}▸ Why{end}"));
}

#[test]
fn a_reader_who_goes_away_ends_it_quietly() {
    let course = course();
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let output = course.command(["read", "pool"]).stdout(writer).output().unwrap();
    assert_eq!(output.status.code(), Some(141));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}
