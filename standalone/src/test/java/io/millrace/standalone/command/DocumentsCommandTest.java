package io.millrace.standalone.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.millrace.standalone.client.PlayedApi;
import io.millrace.standalone.client.PlayedApi.Create;
import io.millrace.standalone.process.Lifetime;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A folder of documents, gone over again and again. */
@Timeout(180)
final class DocumentsCommandTest {

    private final PlayedApi played = new PlayedApi();
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();
    private final Path documents;
    private final Path results;

    DocumentsCommandTest(@TempDir Path folder) throws IOException {
        this.documents = Files.createDirectories(folder.resolve("texts"));
        this.results = folder.resolve("texts-results");
        Files.createDirectories(documents.resolve("deep"));
        Files.writeString(documents.resolve("a.md"), "one");
        Files.writeString(documents.resolve("deep/b.html"), "<p>three</p>");
        Files.writeString(documents.resolve("picture.png"), "no document");
        Files.writeString(documents.resolve(".hidden.txt"), "no document");
    }

    @AfterEach
    void close() {
        played.close();
    }

    @Test
    void eachDocumentHasAResultAndIsAskedAboutOnce() throws IOException {
        // When
        assertThat(run("chat", "--prompt", "What is it?")).as(err.toString()).isZero();
        // Then
        assertThat(results.resolve("a.md.txt")).hasContent("heard 3");
        assertThat(results.resolve("deep/b.html.txt")).hasContent("heard 5");
        assertThat(prompts()).containsExactly("What is it?", "What is it?");
        assertThat(run("chat", "--prompt", "What is it?")).isZero();
        assertThat(played.lines()).hasSize(2);
        assertThat(out.toString()).contains("2 documents of " + documents + ": 0 new or changed");
    }

    @Test
    void onlyWhatIsNewOrChangedIsAskedAbout() throws IOException {
        // Given
        run("chat");
        Files.writeString(documents.resolve("a.md"), "eleven");
        Files.writeString(documents.resolve("c.txt"), "new");
        Files.delete(results.resolve("deep/b.html.txt"));
        Files.writeString(documents.resolve("d.txt"), "same");
        run("chat");
        int before = played.lines().size();
        Files.writeString(documents.resolve("d.txt"), "other");
        // When
        run("chat");
        // Then
        assertThat(before).isEqualTo(2 + 4);
        assertThat(played.lines()).hasSize(before + 1);
        assertThat(results.resolve("a.md.txt")).hasContent("heard 6");
        // another prompt or model is another question
        run("chat", "--prompt", "Why?");
        run("other");
        assertThat(played.lines()).hasSize(before + 1 + 4 + 4);
    }

    @Test
    void documentThatFailedIsTriedAgain() {
        // Given
        played.answering(line -> line.toString().contains("three") ? 500 : 200);
        // When
        assertThat(run("chat")).isEqualTo(ExitCodes.FAILED);
        // Then
        assertThat(err.toString()).contains("deep/b.html: failed: the model is tired");
        played.answering(_ -> 200);
        assertThat(run("chat")).isZero();
        assertThat(played.lines()).hasSize(3);
        assertThat(results.resolve("deep/b.html.txt")).exists();
    }

    @Test
    void documentThatCannotBeReadIsToldByNameAndStopsNobody() throws IOException {
        // Given
        Files.writeString(documents.resolve("broken.pdf"), "no PDF");
        // Then
        assertThat(run("chat")).isEqualTo(ExitCodes.FAILED);
        assertThat(err.toString()).startsWith("millrace: broken.pdf: cannot be read");
        assertThat(results.resolve("a.md.txt")).exists();
    }

    @Test
    void runThatWasInterruptedIsGoneOnWith() {
        // Given
        played.next(Create.ANSWER_LOST);
        assertThat(run("chat")).isEqualTo(ExitCodes.FAILED);
        assertThat(err.toString()).contains("the same command again goes on");
        // When
        assertThat(run("chat")).isZero();
        // Then
        assertThat(played.batches()).hasSize(1);
        assertThat(played.lines()).hasSize(2);
        assertThat(results.resolve("a.md.txt")).exists();
    }

    @Test
    void inputThatIsRefusedIsMadeAnewNextTime() {
        // Given
        played.next(Create.REFUSED);
        assertThat(run("chat")).isEqualTo(ExitCodes.REFUSED);
        // Then
        assertThat(run("chat")).isZero();
        assertThat(results.resolve("a.md.txt")).exists();
    }

    @Test
    void modelThatEmbedsGivesVectors() {
        // When
        assertThat(run("local/all-minilm-l6-v2")).isZero();
        // Then
        assertThat(results.resolve("a.md.json")).content().contains("\"embedding\":[0.5,0.25]");
        assertThat(played.lines())
                .extracting(line -> line.path("url").asText())
                .containsOnly("/v1/embeddings");
    }

    @Test
    void folderThatIsNotThereIsToldInOneLine() throws IOException {
        // Given
        Path gone = documents.resolve("gone");
        // When
        int code =
                Commands.in(Lifetime.withoutSignals())
                        .setErr(new PrintWriter(err, true))
                        .execute("documents", gone.toString(), "--model=m", "--key=k");
        // Then
        assertThat(code).isEqualTo(ExitCodes.REFUSED);
        assertThat(err.toString().lines())
                .containsExactly("millrace: " + gone + ": there is no such folder");
    }

    private List<String> prompts() {
        return played.lines().stream()
                .map(line -> line.path("body").path("messages").path(0).path("content"))
                .map(JsonNode::asText)
                .toList();
    }

    private int run(String model, String... more) {
        List<String> line = new ArrayList<>(List.of("documents", documents.toString()));
        line.addAll(List.of("--model", model, "--key=k", "--url=" + played.address()));
        line.addAll(List.of(more));
        return Commands.in(Lifetime.withoutSignals())
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(line.toArray(String[]::new));
    }
}
