package io.millrace.standalone.demo;

import io.millrace.standalone.process.RefusedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.jsoup.Jsoup;

/**
 * A folder of texts: every file with a text's extension or none, each distinct content once.
 *
 * <p>Links are followed; files above 8 MiB and what lies behind the first 20,000 files are left
 * out.
 */
final class DocumentFolder {

    private static final long LARGEST = 8L * 1024 * 1024;
    private static final int MOST_FILES = 20_000;
    private static final int DEPTH = 16;
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

    private final Path root;

    DocumentFolder(Path root) {
        if (!Files.isDirectory(root)) {
            throw new RefusedException("--documents: no such folder " + root);
        }
        this.root = root;
    }

    /** Returns the documents, ordered by name. */
    List<Document> read() {
        Set<String> seen = new HashSet<>();
        List<Document> documents = new ArrayList<>();
        try (Stream<Path> files = Files.walk(root, DEPTH, FileVisitOption.FOLLOW_LINKS)) {
            for (Path file :
                    files.filter(DocumentFolder::isText).limit(MOST_FILES).sorted().toList()) {
                byte[] content = Files.readAllBytes(file);
                if (!isBinary(content) && seen.add(hash(content))) {
                    documents.add(document(file, new String(content, StandardCharsets.UTF_8)));
                }
            }
        } catch (IOException | UncheckedIOException e) {
            throw new RefusedException("--documents: cannot read %s: %s".formatted(root, e), e);
        }
        return List.copyOf(documents);
    }

    private Document document(Path file, String content) {
        String name = root.relativize(file).toString();
        return new Document(name, PAGES.contains(extension(file)) ? pageText(content) : content);
    }

    /** The words of a page, block elements as paragraphs. */
    private static String pageText(String html) {
        var page = Jsoup.parse(html);
        page.select("script, style, nav").remove();
        page.select("p, div, li, tr, pre, h1, h2, h3, h4, h5, h6, blockquote, section")
                .before("\n\n");
        return page.body().wholeText();
    }

    private static boolean isText(Path file) {
        try {
            return (TEXTS.contains(extension(file)) || PAGES.contains(extension(file)))
                    && Files.isRegularFile(file)
                    && Files.size(file) <= LARGEST;
        } catch (IOException _) {
            return false; // it went away, or its link leads nowhere
        }
    }

    private static boolean isBinary(byte[] content) {
        for (int i = 0; i < Math.min(content.length, 8_192); i++) {
            if (content[i] == 0) {
                return true;
            }
        }
        return false;
    }

    private static String extension(Path file) {
        String name = file.getFileName().toString();
        int dot = name.lastIndexOf('.');
        return dot <= 0 ? "" : name.substring(dot + 1).toLowerCase(Locale.ROOT);
    }

    private static String hash(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
