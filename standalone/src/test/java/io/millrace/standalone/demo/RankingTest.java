package io.millrace.standalone.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class RankingTest {

    private static final Passage NORTH = new Passage("north", 1, "north");
    private static final Passage EAST = new Passage("east", 1, "east");
    private static final Passage SOUTH = new Passage("south", 1, "south");

    @Test
    void nearestPassagesComeFirst() {
        // Given
        Map<Passage, float[]> embedded = new LinkedHashMap<>();
        embedded.put(SOUTH, new float[] {0, -1});
        embedded.put(EAST, new float[] {2, 0});
        embedded.put(NORTH, new float[] {0, 3});
        // When
        List<Ranking.Hit> best = Ranking.best(new float[] {0.1f, 1}, embedded, 2);
        // Then
        assertThat(best).extracting(Ranking.Hit::passage).containsExactly(NORTH, EAST);
    }

    @Test
    void similarityIsTheCosineWhateverTheLengths() {
        assertThat(Similarity.of(new float[] {3, 0}, new float[] {5, 5}))
                .isCloseTo(Math.sqrt(0.5), within(1e-9));
    }

    @Test
    void nothingIsNearAVectorOfNoDirection() {
        assertThat(Similarity.of(new float[] {0, 0}, new float[] {1, 0})).isZero();
    }

    @Test
    void vectorsOfDifferentModelsAreNotCompared() {
        assertThatThrownBy(() -> Similarity.of(new float[2], new float[3]))
                .hasMessage("embeddings must be of one length, but are of 2 and 3");
    }
}
