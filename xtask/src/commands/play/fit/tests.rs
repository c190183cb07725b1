//! What is on a screen of few rows.

use super::super::position::{Ended, How, Judged, Made, Next, Position, Task};
use super::super::screen::{Shown, help as explained};
use super::*;

/// A moment with many lines and this many tasks.
fn position(tasks: usize) -> Position {
    let lines = 0..30;
    let task = |number: usize| Task {
        name: format!("thread {number}"),
        number: (number % 4 != 3).then_some(number),
        state: "about to take lock a".to_owned(),
        holds: String::new(),
        is_blocked: number % 4 == 3,
        waits_for: Vec::new(),
        prints: None,
        note: Some("  12 │ let guard = lock.lock();".to_owned()),
        later: None,
        lane: None,
    };
    let tasks: Vec<Task> = (0..tasks).map(task).collect();
    let numbers = tasks.iter().filter_map(|task| task.number).collect();
    Position {
        output: lines.clone().map(|line| format!("line {line}\n")).collect(),
        authors: lines.map(|line| format!("thread {}", line % 8)).collect(),
        verdict: None,
        earlier: Vec::new(),
        made: Vec::new(),
        tasks,
        left: Some("Many schedules are left.".to_owned()),
        next: Next::Choice { question: "Which thread goes on?", numbers },
    }
}

fn parts(position: &Position, remarks: &[String], width: usize) -> Parts {
    let shown = Shown {
        name: "lock/many",
        transcript: None,
        position,
        is_first: false,
        goal: None,
        remarks,
        replay: "cargo xtask replay lock/many 1,2,3 -- --rounds 2",
        begun: "",
        typed_goal: None,
        needs_enter: false,
    };
    Parts::new(&shown, width)
}

fn help() -> Vec<String> {
    explained(&position(0), true)
}

/// The one page of a screen without long remarks.
fn page(position: &Position, height: usize) -> String {
    let remarks = ["A remark that may need more than one row of a narrow terminal.".to_owned()];
    let pages = parts(position, &remarks, 80).pages(height);
    assert_eq!(pages.len(), 1);
    pages[0].join("\n")
}

#[test]
fn every_screen_fits_and_shows_the_choice() {
    for (tasks, remarks) in [(3, Vec::new()), (8, help()), (16, Vec::new()), (16, help())] {
        let mut position = position(tasks);
        let made = |at| Made {
            how: if at == 0 { How::Chosen } else { How::Forced },
            text: format!("move {at}"),
            printed: 0,
        };
        position.made = (0..9).map(made).collect();
        position.earlier = (0..9).map(made).collect();
        let numbers = position.numbers().to_vec();
        for width in (40..100).step_by(7) {
            for height in (12..70).step_by(3) {
                let pages = parts(&position, &remarks, width).pages(height);
                let rows: Vec<&String> = pages.iter().flatten().collect();
                assert!(pages.iter().all(|rows| rows.len() <= height), "{height}: {pages:#?}");
                assert!(rows.iter().all(|row| measure_text_width(row) <= width), "{rows:#?}");
                let last = pages.last().map_or(String::new(), |rows| rows.join("\n"));
                assert!(last.contains("Which thread goes on?"), "{last}");
                for number in &numbers {
                    assert!(last.contains(&format!("[{number}]")), "{number}: {last}");
                    assert!(last.contains(&format!("thread {number}")), "{number}: {last}");
                }
                let all = parts(&position, &remarks, width).remarks;
                assert!(all.iter().all(|row| rows.contains(&row)), "{rows:#?}");
            }
        }
    }
}

#[test]
fn the_end_of_a_run_fits_too() {
    let mut position = position(0);
    let report = (0..20).map(|row| format!("row {row} of the report\n")).collect();
    let verdict = Judged::Failed(report);
    position.next = Next::Ended(Ended { verdict, is_deadlock: false, notes: Vec::new() });
    for height in [8, 12, 24, 70] {
        let pages = parts(&position, &[], 44).pages(height);
        assert_eq!(pages.len(), 1);
        assert!(pages[0].len() <= height, "{height}: {pages:#?}");
        let page = pages[0].join("\n");
        for part in ["FAILED", "Again:", "The run has ended."] {
            assert!(page.contains(part), "{height}: {page}");
        }
        assert_eq!(page.contains("row 19 of the report"), height > 30, "{height}: {page}");
        // What is left on the terminal can be copied.
        let left = parts(&position, &[], 44).left_behind();
        assert!(
            left.contains("\nAgain: `cargo xtask replay lock/many 1,2,3 -- --rounds 2`\n"),
            "{left}"
        );
    }
}

#[test]
fn earlier_moves_fill_the_room_that_is_left() {
    let mut position = position(8);
    let moves = |text| {
        (0..5).map(move |number| Made {
            how: How::Chosen,
            text: format!("{text} {number}."),
            printed: 0,
        })
    };
    position.earlier = moves("earlier").collect();
    position.made = moves("latest").collect();
    let without = parts(&position, &[], 80).whole().lines().count() + 1;
    for (room, last, left_out) in [(0, 0, 0), (1, 0, 5), (3, 2, 3), (5, 5, 0), (9, 5, 0)] {
        let screen = page(&position, without + room);
        assert_eq!(screen.matches("earlier").count(), last, "{screen}");
        assert_eq!(screen.contains("earlier 4."), last > 0, "{screen}");
        let gap = format!("… {left_out} more …");
        assert_eq!(screen.contains(&gap), left_out > 0, "{screen}");
        assert_eq!(screen.matches("latest").count(), 5, "{screen}");
    }
    // No earlier move takes the room of a later one.
    for height in 12..without {
        let screen = page(&position, height);
        let latest = screen.matches("latest").count();
        assert!(screen.contains("latest 0."), "{screen}");
        assert!(latest == 5 || !screen.contains("earlier"), "{screen}");
    }
}

#[test]
fn notes_go_first_and_then_the_earliest_lines() {
    let position = position(8);
    for (height, notes, has_first) in
        [(60, 8, true), (38, 8, false), (26, 6, false), (22, 0, false)]
    {
        let screen = page(&position, height);
        assert!(screen.contains("line 29"), "{screen}");
        assert_eq!(screen.matches("let guard").count(), notes, "{height}: {screen}");
        assert_eq!(screen.contains("line 1\n"), has_first, "{height}: {screen}");
    }
}

/// The rows between the parts are worth less than the source of what can be chosen.
#[test]
fn notes_of_a_choice_outlast_blank_rows() {
    let position = position(2);
    let blanks = |screen: &str| screen.lines().filter(|row| row.is_empty()).count();
    for (height, notes, are_apart) in [(16, 2, true), (14, 2, false), (10, 0, false)] {
        let screen = page(&position, height);
        assert_eq!(screen.matches("let guard").count(), notes, "{height}: {screen}");
        assert_eq!(blanks(&screen) > 0, are_apart, "{height}: {screen}");
    }
}

/// The moves at the end say again what the lines say.
#[test]
fn at_the_end_lines_have_more_room_than_moves() {
    let mut position = position(0);
    let made = |text: &str| Made { how: How::Chosen, text: text.to_owned(), printed: 0 };
    position.made = (0..9).map(|number| made(&format!("move {number}"))).collect();
    let verdict = Judged::Legal { late: None };
    position.next = Next::Ended(Ended { verdict, is_deadlock: false, notes: Vec::new() });
    let screen = page(&position, 24);
    assert_eq!(screen.matches("move ").count(), 3, "{screen}");
    assert!(screen.contains("move 8") && screen.contains("line 22"), "{screen}");
}
