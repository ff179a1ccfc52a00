use super::{command, names, ssi};
use std::fs;
use std::process::Stdio;
use std::time::Duration;

/// Sends the signal that Ctrl-C sends.
#[cfg(unix)]
fn interrupt(pid: u32) {
    let status = std::process::Command::new("kill").args(["-INT", &pid.to_string()]).status();
    assert!(status.expect("kill runs").success());
}

#[cfg(unix)]
#[test]
fn ctrl_c_stops_with_130_and_leaves_the_older_report_whole() {
    let place = tempfile::tempdir().unwrap();
    assert_eq!(ssi(place.path(), &["study", "--resamples", "200"]).code, 0);
    let before = fs::read(place.path().join("reports/reference/manifest.json")).unwrap();
    let mut child = command(place.path(), &["study", "--resamples", "10000000"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    std::thread::sleep(Duration::from_millis(500));
    assert!(child.try_wait().unwrap().is_none(), "ten million resamples take longer than this");
    interrupt(child.id());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130));
    let message = String::from_utf8(output.stderr).unwrap();
    assert!(message.contains("interrupted"), "{message}");
    let after = fs::read(place.path().join("reports/reference/manifest.json")).unwrap();
    assert_eq!(before, after);
    assert_eq!(names(&place.path().join("reports")), ["reference"]);
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_a_wait_for_standard_input_and_a_long_matrix() {
    let place = tempfile::tempdir().unwrap();
    let header: Vec<String> = (0..40).map(|k| format!("c{k}")).collect();
    let mut table = header.join(",") + "\n";
    for i in 0..3000_u64 {
        let row: Vec<String> = (1..=40).map(|k| (i * k * 7919 % 1009).to_string()).collect();
        table += &(row.join(",") + "\n");
    }
    fs::write(place.path().join("wide.csv"), table).unwrap();
    for args in [&["study", "-"][..], &["cor", "wide.csv", "--method", "all"]] {
        let mut child = command(place.path(), args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(300));
        assert!(child.try_wait().unwrap().is_none(), "{args:?} is still at work");
        interrupt(child.id());
        let started = std::time::Instant::now();
        let status = child.wait().unwrap();
        assert_eq!(status.code(), Some(130), "{args:?}");
        assert!(started.elapsed() < Duration::from_secs(2), "{args:?} stops at once");
    }
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let place = tempfile::tempdir().unwrap();
    let mut child = command(place.path(), &["simulate", "--n", "20000"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
}
