package io.millrace.standalone.documents;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** How the words of a file are read, which its extension tells. */
public enum DocumentKind {
    /** As they stand. */
    TEXT,
    /** Of the elements of an HTML page. */
    PAGE,
    /** Of the pages of a PDF. */
    PDF;

    private static final Set<String> PAGES = Set.of("html", "htm", "xhtml");
    private static final Set<String> TEXTS =
            Set.of(
                    "",
                    "adoc",
                    "asciidoc",
                    "bash",
                    "bat",
                    "c",
                    "cc",
                    "cfg",
                    "clj",
                    "cmake",
                    "conf",
                    "cpp",
                    "cs",
                    "css",
                    "csv",
                    "dart",
                    "env",
                    "erl",
                    "ex",
                    "go",
                    "gradle",
                    "groovy",
                    "h",
                    "hpp",
                    "hs",
                    "ini",
                    "java",
                    "jl",
                    "js",
                    "json",
                    "jsonl",
                    "kt",
                    "log",
                    "lua",
                    "markdown",
                    "md",
                    "ml",
                    "org",
                    "php",
                    "pl",
                    "properties",
                    "proto",
                    "py",
                    "r",
                    "rb",
                    "rs",
                    "rst",
                    "scala",
                    "sh",
                    "sql",
                    "swift",
                    "tex",
                    "text",
                    "toml",
                    "ts",
                    "tsv",
                    "txt",
                    "vue",
                    "xml",
                    "yaml",
                    "yml",
                    "zig");

    /** Returns the kind of a file; none when no words are expected in it. */
    public static Optional<DocumentKind> of(Path file) {
        String extension = extension(file);
        if (extension.equals("pdf")) {
            return Optional.of(PDF);
        }
        if (PAGES.contains(extension)) {
            return Optional.of(PAGE);
        }
        return TEXTS.contains(extension) ? Optional.of(TEXT) : Optional.empty();
    }

    private static String extension(Path file) {
        String name = String.valueOf(file.getFileName());
        int dot = name.lastIndexOf('.');
        return dot <= 0 ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT);
    }
}
