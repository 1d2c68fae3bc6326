use super::*;

fn reason(source: &str) -> String {
    match parse(source) {
        Ok(_) => "fine".to_owned(),
        Err(fail) => format!("{} {}", fail.at, fail.cause.reason.unwrap_or_default()),
    }
}

#[test]
fn trees_that_are_too_deep_are_refused_however_they_grow() {
    let deep = "the script is nested too deeply";
    for source in [
        "(".repeat(60_000),
        "[".repeat(60_000),
        "!".repeat(60_000),
        format!("1{}", "+1".repeat(30_000)),
        format!("x{}", ".a".repeat(30_000)),
        format!("x{}", "[0]".repeat(20_000)),
        "a?b:".repeat(15_000),
        "a=".repeat(30_000),
        "if(a)".repeat(12_000),
        "x(y->".repeat(12_000),
        "1?:".repeat(20_000),
        "-(int)".repeat(10_000),
    ] {
        assert!(reason(&source).ends_with(deep), "{}", reason(&source));
    }
    assert_eq!(reason(&format!("1{}", "+1".repeat(300))), "fine");
    assert!(reason(&"1+".repeat(40_000)).contains("no longer than 65535"));
}

#[test]
fn casts_are_told_from_brackets() {
    for (source, is_cast) in [
        ("(int)x", true),
        ("(String)x", true),
        ("(x)", false),
        ("(x) + 1", false),
        ("(List)[1]", true),
        ("(x)[1]", false),
        ("(Math.abs(1))", false),
        ("(int[])x", true),
    ] {
        let script = parse(source).unwrap_or_else(|fail| panic!("{source}: {fail:?}"));
        let crate::syntax::StmtKind::Expression(expr) = &script.body[0].kind else {
            panic!("{source} is an expression");
        };
        assert_eq!(
            matches!(expr.kind, ExprKind::Cast { .. }),
            is_cast,
            "{source}"
        );
    }
}
