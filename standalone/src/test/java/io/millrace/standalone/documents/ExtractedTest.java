package io.millrace.standalone.documents;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What cannot be read is a reason, never an exception. */
final class ExtractedTest {

    private final Path folder;

    ExtractedTest(@TempDir Path folder) {
        this.folder = folder;
    }

    @Test
    void wordsOfAPdfAreRead() throws IOException {
        // Given
        Path file = folder.resolve("a.PDF");
        Pdf.write(file, "The mill turns.");
        // Then
        assertThat(extracted(file)).isEqualTo(new Extracted.Text("The mill turns."));
    }

    @Test
    void wordsOfAPageAreReadWithoutItsMarkup() throws IOException {
        // Given
        Path file = Files.writeString(folder.resolve("a.html"), "<script>x</script><p>one</p>");
        // Then
        assertThat(extracted(file)).isEqualTo(new Extracted.Text("one"));
    }

    @Test
    void pdfThatIsNoneHasAReason() throws IOException {
        assertUnreadable(Files.writeString(folder.resolve("a.pdf"), "not a PDF"), "cannot be read");
        assertUnreadable(Files.createFile(folder.resolve("b.pdf")), "cannot be read");
    }

    @Test
    void pdfThatWantsAPasswordHasAReason() throws IOException {
        // Given
        Path file = folder.resolve("a.pdf");
        Pdf.writeLocked(file, "secret");
        // Then
        assertUnreadable(file, "password");
    }

    @Test
    void textWithoutWordsOrThatIsNoneHasAReason() throws IOException {
        assertUnreadable(Files.writeString(folder.resolve("a.txt"), " \n"), "has no words");
        assertUnreadable(Files.write(folder.resolve("b.txt"), new byte[] {'a', 0}), "is no text");
        assertUnreadable(folder.resolve("gone.txt"), "cannot be read");
    }

    @Test
    void whatIsTooLargeHasAReason() throws IOException {
        // Given
        Path file = folder.resolve("a.txt");
        try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
            sparse.setLength(Extracted.LARGEST_FILE + 1);
        }
        Path long1 =
                Files.writeString(folder.resolve("b.txt"), "a".repeat(Extracted.LARGEST_TEXT + 1));
        // Then
        assertUnreadable(file, "is larger than 32 MiB");
        assertUnreadable(long1, "bytes of words, more than 1048576");
    }

    private static Extracted extracted(Path file) {
        return Extracted.from(file, DocumentKind.of(file).orElseThrow());
    }

    private static void assertUnreadable(Path file, String reason) {
        assertThat(extracted(file))
                .isInstanceOfSatisfying(
                        Extracted.Unreadable.class,
                        told -> assertThat(told.reason()).contains(reason));
    }
}
