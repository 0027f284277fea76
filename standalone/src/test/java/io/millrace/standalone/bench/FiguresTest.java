package io.millrace.standalone.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class FiguresTest {

    private final Figures figures =
            new Figures(
                    BenchPlan.QUICK,
                    List.of(
                            new Figure("accepted", "jobs/s", 1234.5, 20000),
                            new Figure("CPU of ingress", "s/1000 jobs", 0.5, 0)));

    @Test
    void tableShowsEachFigureBesideItsFloor() {
        assertThat(figures.table().lines().toList())
                .anySatisfy(line -> assertThat(line).matches("accepted +jobs/s +123[45] +20000"))
                .anySatisfy(
                        line -> assertThat(line).matches("CPU of ingress +s/1000 jobs +0.50 +-"));
    }

    @Test
    void methodIsToldWithTheFigures() {
        assertThat(figures.table()).contains("acks=all");
        assertThat(figures.json().path("method").asText()).contains("acks=all");
    }

    @Test
    void absentFloorIsNoNumber() {
        assertThat(figures.json().path("figures").get(1).has("floor")).isFalse();
    }
}
