"""The classifier: features, the model that runs without scikit-learn, training, measuring."""
