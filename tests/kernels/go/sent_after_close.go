package main

func sendJobs(jobs chan int) {
	for job := 0; ; job++ {
		jobs <- job
	}
}

func main() {
	defer checkLeaks()
	jobs := make(chan int)
	go sendJobs(jobs)
	for i := 0; i < 3; i++ {
		<-jobs
	}
	close(jobs)
	settle()
}
