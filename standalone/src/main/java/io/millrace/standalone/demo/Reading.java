package io.millrace.standalone.demo;

import java.util.List;

/** What was read of a folder of documents: its passages, at least one. */
public record Reading(List<Passage> passages) {

    public Reading {
        passages = List.copyOf(passages);
    }

    /** Returns how many passages there are. */
    public int size() {
        return passages.size();
    }
}
