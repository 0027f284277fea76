package io.millrace.standalone.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DocumentFolderTest {

    @TempDir private Path folder = Path.of("");

    @Test
    void readsEachContentOnceUnderItsFirstName() throws IOException {
        // Given
        Files.writeString(folder.resolve("a.txt"), "same");
        Files.createSymbolicLink(folder.resolve("b.txt"), folder.resolve("a.txt"));
        Files.writeString(folder.resolve("LICENSE"), "other");
        // When
        List<Document> documents = new DocumentFolder(folder).read();
        // Then
        assertThat(documents)
                .containsExactly(new Document("LICENSE", "other"), new Document("a.txt", "same"));
    }

    @Test
    void leavesOutWhatIsNoText() throws IOException {
        // Given
        Files.writeString(folder.resolve("picture.png"), "no text");
        Files.write(folder.resolve("binary"), new byte[] {'a', 0, 'b'});
        Files.createSymbolicLink(folder.resolve("broken.txt"), folder.resolve("nowhere"));
        // When
        List<Document> documents = new DocumentFolder(folder).read();
        // Then
        assertThat(documents).isEmpty();
    }

    @Test
    void readsTheWordsOfPagesAndNotTheirMarkup() throws IOException {
        // Given
        Files.writeString(
                folder.resolve("a.html"),
                "<html><script>no()</script><p>one <b>two</b></p><p>three</p></html>");
        // When
        String text = new DocumentFolder(folder).read().getFirst().text();
        // Then
        assertThat(text.strip()).isEqualTo("one two\n\nthree");
    }

    @Test
    void findsFiveHundredPassagesInTheLicencesOfTheJdk() {
        // Given
        Path legal = Path.of(System.getProperty("java.home"), "legal");
        // When
        long passages =
                new DocumentFolder(legal)
                        .read().stream()
                                .flatMap(document -> Cutting.DEFAULT.cut(document).stream())
                                .count();
        // Then
        assertThat(passages).isBetween(500L, 5_000L);
    }

    @Test
    void refusesAFolderThatIsNotThere() {
        assertThatThrownBy(() -> new DocumentFolder(folder.resolve("nowhere")))
                .hasMessageStartingWith("--documents: no such folder ");
    }
}
