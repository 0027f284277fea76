package io.millrace.ingress.jobs;

import io.millrace.ingress.http.UnavailableException;
import io.millrace.schemas.topic.Topic;

/** Tells how far the view has to come before "there is none" is the truth. */
@FunctionalInterface
interface PartitionEnd {

    /** Nothing lies behind what the view has. */
    long NOTHING = -1;

    /**
     * Returns the offset of the last record that the view may not have yet, or {@link #NOTHING}.
     *
     * @throws UnavailableException when that cannot be told in time
     */
    long lastBehind(Held held, Topic topic);
}
