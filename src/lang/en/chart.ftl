# In figures.
