//! Two downloads: how long do both take?

use shared::clock::{self, Stopwatch};
use shared::{Process, Result, lesson};

/// Two processes take as long as the longer download, not as long as the sum.
pub(crate) fn scene() -> Result<()> {
    let book_seconds = lesson::option("book")?;
    let film_seconds = lesson::option("film")?;
    let watch = Stopwatch::start();
    let book = Process::new(|| download("book.pdf", book_seconds)).start()?;
    let film = Process::new(|| download("film.avi", film_seconds)).start()?;
    book.join()?;
    film.join()?;
    println!("both: {:.1} s", watch.seconds());
    Ok(())
}

/// Runs in a child. The sleep stands for a wait for the network.
fn download(file: &str, seconds: f64) -> Result<()> {
    let watch = Stopwatch::start();
    println!("{file}: begins");
    clock::sleep(seconds);
    println!("{file}: done in {:.1} s", watch.seconds());
    Ok(())
}
