//! Running the program with the rights of an ordinary user.

use crate::program::Home;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::Path;
use std::process::Command;

/// The number that systems give to nobody.
const NOBODY: u32 = 65_534;

/// Whether the tests run with all rights.
pub(crate) fn are_all() -> bool {
    tempfile::tempfile().unwrap().metadata().unwrap().uid() == 0
}

/// The program as a user who may not read what its mode forbids. Under root that is another user, to whom everything in
/// the home is given but what has the mode 0; none where no other user can run it.
pub(crate) fn without(home: &Home, args: &[impl AsRef<OsStr>]) -> Option<Command> {
    let plain = home.command(args);
    if !are_all() {
        return Some(plain);
    }
    give(&home.path(""));
    let as_nobody = |program: &OsStr| {
        let mut command = Command::new("setpriv");
        let user = [format!("--reuid={NOBODY}"), format!("--regid={NOBODY}")];
        command.args(user).arg("--clear-groups").arg(program);
        command.current_dir(home.path(""));
        command
    };
    let works = as_nobody(plain.get_program())
        .arg("--version")
        .output()
        .is_ok_and(|output| output.status.success());
    let sees = as_nobody(OsStr::new("ls"))
        .arg(home.pictures())
        .output()
        .is_ok_and(|output| output.status.success());
    if !(works && sees) {
        return None;
    }
    let mut command = as_nobody(plain.get_program());
    command.args(plain.get_args());
    for (name, value) in plain.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    Some(command)
}

fn give(path: &Path) {
    let metadata = fs::symlink_metadata(path).unwrap();
    if metadata.permissions().mode() & 0o777 == 0 {
        return;
    }
    if metadata.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            give(&entry.unwrap().path());
        }
    }
    if !metadata.is_symlink() {
        chown(path, Some(NOBODY), Some(NOBODY)).unwrap();
    }
}
