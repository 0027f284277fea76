package io.millrace.servicekit.admin;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class MeterDocTest {

    @Test
    void labelsStayAsTheyWereTold() {
        // Given
        List<String> labels = new ArrayList<>(List.of("tenant"));
        MeterDoc doc = new MeterDoc("millrace_jobs_total", "counter", "Jobs", labels);

        // When
        labels.add("job");

        // Then
        assertThat(doc.labels()).containsExactly("tenant");
    }
}
