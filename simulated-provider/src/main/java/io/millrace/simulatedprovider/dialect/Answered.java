package io.millrace.simulatedprovider.dialect;

/** An answer and what it costs. */
public record Answered(Answer answer, Usage usage) {}
