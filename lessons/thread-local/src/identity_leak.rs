//! Whose letters does the next request see?

use std::cell::Cell;
use std::sync::mpsc;
use std::thread;

use shared::Result;

thread_local! {
    /// Whom the current request is for.
    static USER: Cell<Option<&str>> = const { Cell::new(None) };
}

/// A worker of a pool serves three requests. The second one comes from someone who has not logged in.
pub(crate) fn scene() -> Result<()> {
    work(|request, login| {
        if let Some(user) = login {
            USER.set(Some(user));
        }
        show_page(request);
    })
}

/// The same requests. This time the second one sees no one's letters.
pub(crate) fn reset() -> Result<()> {
    work(|request, login| {
        let _reset = ResetUser; // New: its drop resets the user.
        if let Some(user) = login {
            USER.set(Some(user));
        }
        show_page(request);
    })
}

struct ResetUser;

impl Drop for ResetUser {
    fn drop(&mut self) {
        USER.set(None);
    }
}

/// Somewhere deep in the program. No one has passed a user down to it.
fn show_page(request: u32) {
    match USER.get() {
        Some(user) => println!("request {request}: the letters of {user}"),
        None => println!("request {request}: please log in"),
    }
}

/// One thread serves all requests, as the worker of a pool does.
fn work(serve: fn(u32, Option<&'static str>)) -> Result<()> {
    let (to_worker, requests) = mpsc::channel();
    let worker = thread::spawn(move || {
        for (request, login) in requests {
            serve(request, login);
        }
    });
    for request in [(1, Some("zzb")), (2, None), (3, Some("老王"))] {
        to_worker.send(request).expect("the worker lives");
    }
    drop(to_worker); // Without a sender, the worker's loop ends.
    worker.join().expect("serve does not panic");
    Ok(())
}
