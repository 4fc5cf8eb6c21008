/**
 * The scales that our charts use. Recharts finds one by its name among all that `d3-scale` has, so that without this
 * (see vite.config.ts) those of times, logarithms and colours would come with every chart.
 */
export { scaleBand, scaleLinear, scalePoint } from "d3-scale";
