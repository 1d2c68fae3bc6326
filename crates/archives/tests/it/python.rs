//! What others' libraries say.

use std::path::Path;
use std::process::Command;

/// Runs Python with NumPy as `np` and the modules asked for, or says which test is skipped; `a` is the archive's path.
pub(crate) fn run(test: &str, modules: &[&str], script: &str, archive: &Path) -> Option<String> {
    let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let run = |script: &str| {
        Command::new(&python)
            .args(["-c", script])
            .arg(archive)
            .output()
    };
    let imports = format!("import sys, {}", modules.join(", "));
    if !run(&imports).is_ok_and(|output| output.status.success()) {
        println!("skipped: {test}: {python} has no {}", modules.join(" or "));
        return None;
    }
    let head = format!("{imports}\nimport numpy as np\na = sys.argv[1]\n");
    let output = run(&format!("{head}{script}")).unwrap();
    let err = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{err}");
    Some(String::from_utf8(output.stdout).unwrap().trim().to_owned())
}
