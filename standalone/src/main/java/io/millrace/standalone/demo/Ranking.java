package io.millrace.standalone.demo;

import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Passages in the order of their nearness to a question. */
final class Ranking {

    /**
     * A passage that answers.
     *
     * @param score cosine similarity to the question
     */
    record Hit(Passage passage, double score) {}

    private Ranking() {}

    /** Returns the nearest passages, the best first; equally near ones in their own order. */
    static List<Hit> best(float[] question, Map<Passage, float[]> embedded, int count) {
        return embedded.entrySet().stream()
                .map(entry -> new Hit(entry.getKey(), Similarity.of(question, entry.getValue())))
                .sorted(Comparator.comparingDouble(Hit::score).reversed())
                .limit(count)
                .toList();
    }
}
