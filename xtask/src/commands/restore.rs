//! `restore`: take a planted flaw back, and keep every other change.

use course::files::write;
use course::{Course, Selected};

use crate::cli;
use crate::exit::{Answer, Error, Result};
use crate::terminal::{GOOD, paint, println};

pub(crate) fn restore(arguments: &cli::Restore) -> Result {
    let course = Course::find()?;
    let mut restored = 0;
    for Selected { chapter, scenes, .. } in course.select(&arguments.names)? {
        for flaw in chapter.flaws()? {
            if scenes.iter().all(|scene| scene.name != flaw.scene) {
                continue;
            }
            let Ok(changes) = flaw.restore(&chapter.folder) else { continue };
            for (file, text) in changes {
                let file = chapter.folder.join(file);
                write(&file, text)?;
                restored += 1;
                let name = course.display(&file);
                println(format_args!("{} {} out of {name}", paint(GOOD, "took"), flaw.name))?;
            }
        }
    }
    if restored == 0 {
        let asked = if arguments.names.is_empty() {
            "the course".to_owned()
        } else {
            arguments.names.join(" ")
        };
        return Err(Error::Question(format!(
            "nothing to take back: no flaw of {asked} is in the source as `break` plants it. If you \
             changed something yourself, `git diff lessons` shows it, and `git restore lessons` \
             takes it back"
        )));
    }
    Ok(Answer::Passed)
}
