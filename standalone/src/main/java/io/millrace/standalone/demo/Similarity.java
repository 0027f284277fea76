package io.millrace.standalone.demo;

/** How near two embeddings are: the cosine of the angle between them, −1 to 1. */
final class Similarity {

    private Similarity() {}

    /**
     * Returns the cosine; 0 when one of the vectors is all zero.
     *
     * @throws IllegalArgumentException when the vectors differ in length
     */
    static double of(float[] one, float[] other) {
        if (one.length != other.length) {
            throw new IllegalArgumentException(
                    "embeddings must be of one length, but are of %d and %d"
                            .formatted(one.length, other.length));
        }
        double product = 0;
        double oneSquared = 0;
        double otherSquared = 0;
        for (int i = 0; i < one.length; i++) {
            product += (double) one[i] * other[i];
            oneSquared += (double) one[i] * one[i];
            otherSquared += (double) other[i] * other[i];
        }
        double lengths = Math.sqrt(oneSquared) * Math.sqrt(otherSquared);
        return lengths == 0 ? 0 : product / lengths;
    }
}
