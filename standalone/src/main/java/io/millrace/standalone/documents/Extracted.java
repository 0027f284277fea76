package io.millrace.standalone.documents;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** What came of reading a document. */
sealed interface Extracted {

    /** Bytes of a file at most. */
    long LARGEST_FILE = 32L * 1024 * 1024;

    /** Bytes of its words at most; the body of a request has 4 MiB by default. */
    int LARGEST_TEXT = 1024 * 1024;

    /** Its words, some. */
    record Text(String words) implements Extracted {}

    /** Why there are none, in a few words. */
    record Unreadable(String reason) implements Extracted {}

    /** Reads a document. */
    static Extracted from(Path file, DocumentKind kind) {
        try {
            if (Files.size(file) > LARGEST_FILE) {
                return new Unreadable("is larger than %d MiB".formatted(LARGEST_FILE >> 20));
            }
            return checked(words(file, kind));
        } catch (IOException | RuntimeException e) {
            return new Unreadable("cannot be read: " + e);
        } catch (LinkageError | StackOverflowError e) {
            // a PDF that is encrypted for a recipient needs a library that we do not carry; one
            // that is nested without end needs more stack than there is
            return new Unreadable("cannot be read: " + e);
        }
    }

    private static String words(Path file, DocumentKind kind) throws IOException {
        if (kind == DocumentKind.PDF) {
            return PdfWords.of(file);
        }
        byte[] content = Files.readAllBytes(file);
        if (Words.isBinary(content)) {
            throw new IOException("it is no text");
        }
        return Words.of(content, kind);
    }

    private static Extracted checked(String words) {
        if (words.isBlank()) {
            return new Unreadable("has no words");
        }
        int bytes = words.getBytes(StandardCharsets.UTF_8).length;
        return bytes > LARGEST_TEXT
                ? new Unreadable(
                        "has %d bytes of words, more than %d".formatted(bytes, LARGEST_TEXT))
                : new Text(words.strip());
    }
}
