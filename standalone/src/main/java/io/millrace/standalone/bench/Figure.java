package io.millrace.standalone.bench;

/**
 * One measured figure.
 *
 * @param floor the same of Kafka alone in the same run; 0 where Kafka alone has none
 */
public record Figure(String name, String unit, double value, double floor) {}
