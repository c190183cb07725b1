//! Resolves the names that a reader types on the command line.
//!
//! The names that reports print are `CHAPTER`, `CHAPTER/SCENE`, `CHAPTER/SCENE.VARIANT` and `CHAPTER/refused/SNIPPET`.
//! Names that a shell completes or cargo prints work too: `lessons/fork`, `lesson-fork`, `fork who-am-i`, and the path
//! of any snippet or of any file that belongs to a scene.

use std::path::{Path, PathBuf};

use crate::chapter::Chapter;
use crate::course::Course;
use crate::error::{Error, Result};
use crate::files::stem;
use crate::scene::{Scene, scene_of};

/// A chapter, and its selected parts.
#[derive(Debug)]
pub struct Selected<'a> {
    /// The chapter.
    pub chapter: &'a Chapter,
    /// Whether all of it was asked for, by its own name.
    pub is_whole: bool,
    /// The selected scenes, each with its selected transcripts.
    pub scenes: Vec<Scene>,
    /// The selected refused snippets.
    pub refused: Vec<PathBuf>,
}

/// The part of a chapter that a name means.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Whole,
    Scene(String),
    /// One transcript of a scene, by the stem of its file: `any-order.six`.
    Variant(String),
    Refused(PathBuf),
    AllRefused,
}

impl Course {
    /// The parts that `names` mean, in reading order, each once; everything if there are no names.
    pub fn select(&self, names: &[String]) -> Result<Vec<Selected<'_>>> {
        let mut asked: Vec<(&Chapter, Part)> = Vec::new();
        for name in names {
            let part = match (self.resolve(name), asked.last().cloned()) {
                (Ok(part), _) => part,
                // The second word of `fork who-am-i`.
                (Err(error), Some((chapter, Part::Whole))) => match chapter.resolve(name) {
                    Ok(part) => {
                        asked.pop();
                        (chapter, part)
                    }
                    Err(_) => return Err(error),
                },
                (Err(error), _) => return Err(error),
            };
            asked.push(part);
        }
        if names.is_empty() {
            asked = self.chapters.iter().map(|chapter| (chapter, Part::Whole)).collect();
        }
        let mut selected = Vec::new();
        for chapter in &self.chapters {
            let of_chapter = asked.iter().filter(|(other, _)| other.name == chapter.name);
            let parts: Vec<&Part> = of_chapter.map(|(_, part)| part).collect();
            if !parts.is_empty() {
                selected.push(Selected::of(chapter, &parts)?);
            }
        }
        Ok(selected)
    }

    /// The same, with at least one scene; otherwise an error.
    pub fn select_scenes(&self, names: &[String]) -> Result<Vec<Selected<'_>>> {
        let selected = self.select(names)?;
        if !names.is_empty() && selected.iter().all(|selected| selected.scenes.is_empty()) {
            return Err(no_scene(&names.join(" ")));
        }
        Ok(selected)
    }

    /// The chapter called `name`.
    pub fn chapter(&self, name: &str) -> Result<&Chapter> {
        let plain = name.strip_prefix("lesson-").unwrap_or(name);
        if let Some(chapter) = self.chapters.iter().find(|chapter| chapter.name == plain) {
            return Ok(chapter);
        }
        let has_scene =
            |chapter: &&Chapter| chapter.scenes().is_ok_and(|s| s.iter().any(|s| s.name == name));
        if let Some(chapter) = self.chapters.iter().find(has_scene) {
            return Err(Error::wrong(format!(
                "no chapter is called `{name}`, but a scene is: write {}/{name}",
                chapter.name
            )));
        }
        Err(Error::unknown("chapter", name, self.chapters.iter().map(|c| c.name.as_str())))
    }

    /// The one scene that `names` mean: `fork/who-am-i`, or the two words `fork who-am-i`.
    pub fn scene(&self, names: &[String]) -> Result<(&Chapter, Scene)> {
        let mut selected = self.select(names)?;
        if let [Selected { scenes, chapter, .. }] = &mut selected[..]
            && let [_] = scenes[..]
        {
            return Ok((chapter, scenes.remove(0)));
        }
        let asked = names.join(" ");
        let names: Vec<String> = selected
            .iter()
            .flat_map(|Selected { chapter, scenes, .. }| {
                scenes.iter().map(|scene| format!("{}/{}", chapter.name, scene.name))
            })
            .collect();
        if names.is_empty() {
            return Err(no_scene(&asked));
        }
        let names = names.join(", ");
        Err(Error::wrong(format!("`{asked}` is more than one scene: take one of {names}")))
    }

    /// The path of a file or folder in `lessons`, relative to the course's root. `path` is relative to the current
    /// directory.
    pub fn own_path(&self, path: &Path) -> Option<PathBuf> {
        let path = path.canonicalize().ok()?;
        let own = path.strip_prefix(self.root.canonicalize().ok()?).ok()?;
        own.strip_prefix("lessons").ok().filter(|below| below.components().next().is_some())?;
        Some(own.to_owned())
    }

    /// The chapter and the part that one name means.
    fn resolve(&self, name: &str) -> Result<(&Chapter, Part)> {
        let path = self.own_path(Path::new(name)).unwrap_or_else(|| PathBuf::from(name));
        let path = path.strip_prefix("lessons").unwrap_or(&path);
        let path = path.to_string_lossy();
        let (chapter, rest) = path.split_once('/').unwrap_or((&path, ""));
        let chapter = self.chapter(chapter)?;
        Ok((chapter, chapter.resolve(rest)?))
    }
}

impl Chapter {
    /// The scene called `name`.
    pub fn scene(&self, name: &str) -> Result<Scene> {
        let mut scenes = self.scenes()?;
        match scenes.iter().position(|scene| scene.name == name) {
            Some(index) => Ok(scenes.swap_remove(index)),
            None => {
                let kind = format!("scene of {}", self.name);
                Err(Error::unknown(&kind, name, scenes.iter().map(|scene| scene.name.as_str())))
            }
        }
    }

    /// The part that the rest of a name means, after the chapter's name.
    fn resolve(&self, rest: &str) -> Result<Part> {
        match rest.trim_end_matches('/').split_once('/') {
            None if rest.is_empty() => Ok(Part::Whole),
            None if rest == "refused" => Ok(Part::AllRefused),
            None => self.transcript(rest),
            Some(("refused", file)) => self.snippet(file),
            Some(("transcripts", file)) => {
                self.transcript(file.strip_suffix(".txt").unwrap_or(file))
            }
            Some(("broken", file)) => Ok(Part::Scene(self.scene(&scene_of(Path::new(file)))?.name)),
            Some(("src", file)) => self.source(file),
            Some(_) => Ok(Part::Scene(self.scene(rest)?.name)),
        }
    }

    /// `who-am-i`, or a variant such as `any-order.six`.
    fn transcript(&self, name: &str) -> Result<Part> {
        let Some((scene, _)) = name.split_once('.') else {
            return Ok(Part::Scene(self.scene(name)?.name));
        };
        let scene = self.scene(scene)?;
        let stems: Vec<String> = scene.transcripts.iter().map(|path| stem(path)).collect();
        if stems.iter().any(|stem| stem == name) {
            return Ok(Part::Variant(name.to_owned()));
        }
        let kind = format!("transcript of {}/{}", self.name, scene.name);
        Err(Error::unknown(&kind, name, stems.iter().map(String::as_str)))
    }

    fn snippet(&self, file: &str) -> Result<Part> {
        let name = file.strip_suffix(".rs").unwrap_or(file);
        let snippets = self.refused()?;
        if let Some(path) = snippets.iter().find(|path| stem(path) == name) {
            return Ok(Part::Refused(path.clone()));
        }
        let known: Vec<String> = snippets.iter().map(|path| stem(path)).collect();
        let kind = format!("refused snippet of {}", self.name);
        Err(Error::unknown(&kind, name, known.iter().map(String::as_str)))
    }

    /// The scene that a source file holds; main.rs means the whole chapter.
    fn source(&self, file: &str) -> Result<Part> {
        let path = self.folder.join("src").join(file);
        if path == self.main() {
            return Ok(Part::Whole);
        }
        let scenes = self.scenes()?;
        match scenes.into_iter().find(|scene| scene.file == path) {
            Some(scene) => Ok(Part::Scene(scene.name)),
            None => {
                let file = file.escape_debug();
                Err(Error::wrong(format!("{}/src/{file} holds no scene", self.name)))
            }
        }
    }
}

impl<'a> Selected<'a> {
    fn of(chapter: &'a Chapter, parts: &[&Part]) -> Result<Self> {
        let is_whole = parts.contains(&&Part::Whole);
        let mut scenes = chapter.scenes()?;
        for scene in &mut scenes {
            if !is_whole && !parts.contains(&&Part::Scene(scene.name.clone())) {
                scene.transcripts.retain(|path| parts.contains(&&Part::Variant(stem(path))));
            }
        }
        scenes.retain(|scene| {
            is_whole
                || parts.contains(&&Part::Scene(scene.name.clone()))
                || !scene.transcripts.is_empty()
        });
        let mut refused = chapter.refused()?;
        let all = is_whole || parts.contains(&&Part::AllRefused);
        refused.retain(|path| all || parts.contains(&&Part::Refused(path.clone())));
        Ok(Self { chapter, is_whole, scenes, refused })
    }
}

fn no_scene(asked: &str) -> Error {
    Error::wrong(format!(
        "`{asked}` is not a scene: write CHAPTER/SCENE, as `cargo xtask list` prints it"
    ))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use tempfile::TempDir;

    use super::*;

    fn course() -> (TempDir, Course) {
        let folder = TempDir::new().unwrap();
        let write = |path: &str, text: &str| {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        let parts = "[{ title = \"Processes\", chapters = [\"fork\", \"pool\"] }]";
        write("Cargo.toml", &format!("[workspace.metadata.lessons]\nparts = {parts}\n"));
        for (name, table) in [
            ("fork", r#"("twice", twice), ("any-order", any_order::scene)"#),
            ("pool", r#"("map", map)"#),
        ] {
            write(
                &format!("lessons/{name}/Cargo.toml"),
                &format!(
                    "[package]\nname = \"lesson-{name}\"\n[package.metadata.lesson]\nquestion = \"Q?\"\nminutes = 1\nneeds = []\n"
                ),
            );
            write(&format!("lessons/{name}/src/main.rs"), &format!("lesson::run(&[{table}])"));
        }
        for file in ["twice.txt", "any-order.txt", "any-order.six.txt"] {
            write(&format!("lessons/fork/transcripts/{file}"), "");
        }
        write("lessons/fork/refused/bare_fork.rs", "");
        write("lessons/fork/broken/twice.late.patch", "");
        let course = Course::around(folder.path()).unwrap();
        (folder, course)
    }

    /// Every selected part, by its name.
    fn parts(course: &Course, names: &[&str]) -> Result<Vec<String>> {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let mut parts = Vec::new();
        for Selected { chapter, scenes, refused, .. } in course.select(&names)? {
            for scene in scenes {
                parts.extend(
                    scene.transcripts.iter().map(|path| format!("{}/{}", chapter.name, stem(path))),
                );
            }
            parts.extend(
                refused.iter().map(|path| format!("{}/refused/{}", chapter.name, stem(path))),
            );
        }
        Ok(parts)
    }

    #[test]
    fn a_name_has_one_meaning_however_it_is_spelled() {
        let (_folder, course) = course();
        let fork = ["fork/twice", "fork/any-order", "fork/any-order.six", "fork/refused/bare_fork"];
        let absolute = course.root.join("lessons/fork").to_string_lossy().into_owned();
        for names in [
            &["fork"][..],
            &["lessons/fork"],
            &["lessons/fork/"],
            &["lesson-fork"],
            &[&absolute],
            &["fork/src/main.rs"],
            &["pool", "fork"],
            &[],
        ] {
            assert_eq!(parts(&course, names).unwrap(), fork, "{names:?}");
        }
        for (names, wanted) in [
            (&["fork/twice"][..], &["fork/twice"][..]),
            (&["fork", "twice"], &["fork/twice"]),
            (&["lesson-fork", "twice"], &["fork/twice"]),
            (&["lessons/fork/transcripts/twice.txt"], &["fork/twice"]),
            (&["lessons/fork/broken/twice.late.patch"], &["fork/twice"]),
            (&["fork/any-order"], &["fork/any-order", "fork/any-order.six"]),
            (&["fork/src/any_order.rs"], &["fork/any-order", "fork/any-order.six"]),
            (&["fork/any-order.six"], &["fork/any-order.six"]),
            (&["fork", "any-order.six"], &["fork/any-order.six"]),
            (&["fork/any-order.six", "fork/twice"], &["fork/twice", "fork/any-order.six"]),
            (&["fork/refused/bare_fork"], &["fork/refused/bare_fork"]),
            (&["fork/refused/bare_fork.rs"], &["fork/refused/bare_fork"]),
            (&["fork/refused"], &["fork/refused/bare_fork"]),
        ] {
            assert_eq!(parts(&course, names).unwrap(), wanted, "{names:?}");
        }
    }

    #[test]
    fn a_chapter_is_whole_if_its_own_name_asks_for_it() {
        let (_folder, course) = course();
        for (names, is_whole) in [
            (&["pool"][..], true),
            (&["pool/map"], false),
            (&["pool", "map"], false),
            (&["pool/map", "pool"], true),
            (&["pool/src/main.rs"], true),
        ] {
            let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            let [selected] = &course.select(&names).unwrap()[..] else { panic!("one chapter") };
            assert_eq!(selected.is_whole, is_whole, "{names:?}");
        }
    }

    #[test]
    fn an_unknown_name_says_what_there_is() {
        let (_folder, course) = course();
        for (names, words) in [
            (&["frok"][..], "did you mean `fork`?"),
            (&["twice"], "but a scene is: write fork/twice"),
            (&["fork/twic"], "did you mean `twice`?"),
            (&["fork", "twic"], "no chapter is called `twic`"),
            (&["fork/any-order.seven"], "no transcript of fork/any-order"),
            (&["fork/refused/bare"], "did you mean `bare_fork`?"),
            (&["fork/src/none.rs"], "holds no scene"),
        ] {
            let message = parts(&course, names).unwrap_err().to_string();
            assert!(message.contains(words), "{names:?}: {message}");
        }
    }

    #[test]
    fn one_scene_is_one_scene() {
        let (_folder, course) = course();
        let scene = |names: &[&str]| {
            let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
            course.scene(&names).map(|(chapter, scene)| format!("{}/{}", chapter.name, scene.name))
        };
        assert_eq!(scene(&["fork/twice"]).unwrap(), "fork/twice");
        assert_eq!(scene(&["fork", "twice"]).unwrap(), "fork/twice");
        assert_eq!(
            scene(&["fork"]).unwrap_err().to_string(),
            "`fork` is more than one scene: take one of fork/twice, fork/any-order"
        );
        assert_eq!(
            scene(&["fork/refused/bare_fork"]).unwrap_err().to_string(),
            "`fork/refused/bare_fork` is not a scene: write CHAPTER/SCENE, as `cargo xtask list` prints it"
        );
    }
}
