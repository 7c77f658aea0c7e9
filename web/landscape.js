/* The functions that formulas ask of a landscape, from an engine's: points are arrays (..., 2), `which` is "train",
   "test", or indices of examples. */
function landscapeOf(engine, evaluations) {
  const asked = (name, parts) => (points, which) => {
    const at = np.asarray(points);
    const found = engine[name](
      Float64Array.from(at.data),
      which instanceof np.Nd ? Int32Array.from(which.data) : which,
    );
    return new np.Nd(found, [...at.shape.slice(0, -1), ...parts]);
  };
  return {
    evaluations,
    loss: asked("losses", []),
    gradient: asked("gradients", [2]),
    hessian: asked("hessians", [3]),
    covariance: asked("covariances", [3]),
  };
}
