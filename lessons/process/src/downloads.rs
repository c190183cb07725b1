//! Two downloads: how long do both take?

use shared::clock::{self, Stopwatch};
use shared::{Process, Result, lesson};

/// Two processes take as long as the longer download, not as long as both together.
pub(crate) fn scene() -> Result<()> {
    let (book, film) = (lesson::option("book")?, lesson::option("film")?);
    let watch = Stopwatch::start();
    let downloads = [
        Process::new(|| download("book.pdf", book)).start()?,
        Process::new(|| download("film.avi", film)).start()?,
    ];
    for download in downloads {
        download.join()?;
    }
    println!("both: {:.1} s", watch.seconds());
    Ok(())
}

/// Runs in a child. The sleep stands for waiting for the network.
fn download(file: &str, seconds: f64) -> Result<()> {
    let watch = Stopwatch::start();
    println!("{file}: begins");
    clock::sleep(seconds);
    println!("{file}: done in {:.1} s", watch.seconds());
    Ok(())
}
