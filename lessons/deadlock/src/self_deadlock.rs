//! How does a thread wait for itself?

use std::sync::Mutex;

use shared::Result;

/// One thread pops tasks from a locked list, and adds a task to the same list.
pub(crate) fn scene() -> Result<()> {
    let tasks = Mutex::new(vec!["sing", "dance"]);
    while let Some(task) = tasks.lock().expect("no thread panics").pop() {
        println!("main: pops {task}");
        if task == "dance" {
            tasks.lock().expect("no thread panics").push("rest");
            println!("main: adds rest");
        }
    }
    println!("main: no task is left");
    Ok(())
}

/// The same loop with the pop in a statement of its own, which drops the guard at its end.
pub(crate) fn dropped_first() -> Result<()> {
    let tasks = Mutex::new(vec!["sing", "dance"]);
    loop {
        let task = tasks.lock().expect("no thread panics").pop(); // New: the guard lives until this semicolon.
        let Some(task) = task else { break };
        println!("main: pops {task}");
        if task == "dance" {
            tasks.lock().expect("no thread panics").push("rest");
            println!("main: adds rest");
        }
    }
    println!("main: no task is left");
    Ok(())
}
