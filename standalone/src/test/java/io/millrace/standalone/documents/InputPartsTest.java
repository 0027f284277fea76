package io.millrace.standalone.documents;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class InputPartsTest {

    @Test
    void fullFileIsFollowedByAnother(@TempDir Path folder) throws IOException {
        // Given
        DocumentTask task = DocumentTask.of("m", "p");
        List<String> names = new ArrayList<>();
        // When
        try (InputParts parts = new InputParts(folder, 2)) {
            for (int i = 0; i < 5; i++) {
                names.add(parts.add(task.line("id" + i, "words")));
            }
        }
        // Then
        Set<String> files = new TreeSet<>(names);
        assertThat(files).containsExactly("part-id0.jsonl", "part-id2.jsonl", "part-id4.jsonl");
        assertThat(folder.resolve("part-id0.jsonl")).content().hasLineCount(2);
        assertThat(folder.resolve("part-id4.jsonl")).content().hasLineCount(1);
    }
}
