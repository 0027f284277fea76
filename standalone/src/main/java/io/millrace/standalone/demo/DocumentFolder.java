package io.millrace.standalone.demo;

import io.millrace.standalone.documents.DocumentKind;
import io.millrace.standalone.documents.Words;
import io.millrace.standalone.process.RefusedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

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
                if (!Words.isBinary(content) && seen.add(hash(content))) {
                    documents.add(document(file, content));
                }
            }
        } catch (IOException | UncheckedIOException e) {
            throw new RefusedException("--documents: cannot read %s: %s".formatted(root, e), e);
        }
        return List.copyOf(documents);
    }

    private Document document(Path file, byte[] content) {
        String name = root.relativize(file).toString();
        return new Document(name, Words.of(content, DocumentKind.of(file).orElseThrow()));
    }

    private static boolean isText(Path file) {
        try {
            return DocumentKind.of(file).filter(kind -> kind != DocumentKind.PDF).isPresent()
                    && Files.isRegularFile(file)
                    && Files.size(file) <= LARGEST;
        } catch (IOException _) {
            return false; // it went away, or its link leads nowhere
        }
    }

    private static String hash(byte[] content) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
