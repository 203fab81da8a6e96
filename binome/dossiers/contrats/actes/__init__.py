"""What happens during a contract besides changes of state: one module per thing that happens."""
